"""Mail about selections: to those who answer inquiries, and to who sent the selection."""

from sqlalchemy.orm import Session

from webmap import asking
from webmap.auth.models import User
from webmap.config import current_settings
from webmap.mail import send
from webmap.models import Inquiry
from webmap.share.selection_models import Selection


def tell_of_question(session: Session, made: Selection, inquiry: Inquiry) -> None:
    """Write that there is something to read, not what people said of themselves."""
    site, subject = current_settings().site_url, f"选集有新的询问 {inquiry.code}"
    for recipient in asking.administrators(session):
        send(session, recipient, subject, f"{subject}\n{site}/admin/inquiries/{inquiry.code}\n")
    maker = session.get(User, made.link.user_id) if made.link.user_id else None
    if maker and maker.email and maker.disabled_at is None and maker.email not in asking.administrators(session):
        send(session, maker.email, subject, f"{subject}\n{site}/desk/links/{made.link.token}\n")
