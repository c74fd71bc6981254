"""Answering an inquiry: what is said to the asker, and the letter that tells of it."""

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from webmap import asking
from webmap.auth.models import User
from webmap.config import current_settings
from webmap.locale import LANGUAGES
from webmap.mail import send
from webmap.models import Inquiry


def answer(session: Session, inquiry: Inquiry, body: str, user: User) -> None:
    """Answer in the name of the site, and write to the asker, if we can, where the answer is to be read.

    Raises
    ------
    webmap.asking.BadInquiryError
        Nothing was said, or too much.
    """
    asking.add(session, inquiry, body, user)
    recipient = asking.mail_address(inquiry)
    if recipient is None:
        return
    settings = current_settings()
    language = next(each for each in LANGUAGES if each.tag == inquiry.language)
    key = asking.key_of(inquiry, settings.secret_key)
    prefix = f"/{language.prefix}" if language.prefix else ""
    with force_locale(language.locale):
        subject = gettext("您的询问 %(code)s 有了答复", code=inquiry.code)
        link = f"{settings.site_url}{prefix}/inquiries/{inquiry.code}/{key}"
        said = gettext("请打开链接查看：%(link)s", link=link)
    send(session, recipient, subject, f"{said}\n")
