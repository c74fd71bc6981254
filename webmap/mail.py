"""Mail: written into the outbox with the change it tells of, sent by the worker.

Without a mail server (`LOUMAP_SMTP_URL`) mail is kept, and the administrator reads it on the outbox page.
"""

import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from procrastinate import JobContext, RetryStrategy
from sqlalchemy.orm import Session

from geo.errors import LouMapError
from webmap.config import Settings
from webmap.jobs import enqueue, tasks, work_of
from webmap.models import Mail

TIMEOUT_S = 30
MOST_ATTEMPTS = 6
LONGEST_ADDRESS = 200
_LOCAL = ("localhost", "127.0.0.1", "::1")


class BadAddressError(LouMapError):
    """This is not an address mail can be sent to."""


class MailNotSentError(LouMapError):
    """The mail server did not take a message; it is tried again."""


def send(session: Session, recipient: str, subject: str, body: str, *, unsubscribe_url: str | None = None) -> Mail:
    """Put a message into the outbox, to be sent after the commit; programs of mail offer to end what it belongs to.

    Raises
    ------
    BadAddressError
        The address has no @, or address or subject has a line break.
    """
    if "@" not in parseaddr(recipient)[1] or any(sign in recipient + subject for sign in "\r\n"):
        raise BadAddressError(f"{recipient!r} is not an address mail can be sent to.")
    mail = Mail(recipient=recipient, subject=subject, body=body, unsubscribe_url=unsubscribe_url)
    session.add(mail)
    session.flush()
    enqueue(session, "send_mail", mail_id=mail.id)
    return mail


def plain_address(text: str) -> str | None:
    """The address that a text is and nothing else, without the spaces around it; None where it is none."""
    typed = text.strip()
    found = parseaddr(typed)[1]
    name, _, domain = found.partition("@")
    plain = found == typed and found.isascii() and len(found.split()) == 1 and len(found) <= LONGEST_ADDRESS
    return found if plain and name and "." in domain else None


@tasks.task(
    name="send_mail",
    pass_context=True,
    retry=RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=6, retry_exceptions=[MailNotSentError]),
)
def send_mail(context: JobContext, mail_id: int) -> None:
    """Send one message of the outbox, or keep it when there is no mail server."""
    work = work_of(context)
    with work.transaction() as session:
        mail = session.get(Mail, mail_id, with_for_update=True)
        if mail is None or mail.state != "waiting":
            return
        problem = _deliver(work.settings, mail)
    if problem:
        raise MailNotSentError(problem)


def _deliver(settings: Settings, mail: Mail) -> str | None:
    """Hand a message to the mail server and note what came of it; gives the problem if it should be tried again."""
    mail.attempts += 1
    if settings.smtp_url is None:
        mail.state = "kept"
        return None
    try:
        _hand_over(settings.smtp_url, _message(settings, mail))
    except (smtplib.SMTPException, OSError) as error:
        mail.error = f"{type(error).__name__}: {error}"[:500]
        if _is_final(error) or mail.attempts > MOST_ATTEMPTS:
            mail.state = "failed"
            return None
        return mail.error
    mail.state, mail.sent_at, mail.error = "sent", datetime.now(UTC), None
    return None


def _message(settings: Settings, mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<loumap-{mail.id}-{mail.created_at:%Y%m%d%H%M%S}@{domain}>"
    if mail.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.body)
    return message


def _hand_over(url: str, message: EmailMessage) -> None:
    """Speak SMTP; over an open net only encrypted, with a checked certificate."""
    parts = urlsplit(url)
    host, checked = parts.hostname or "localhost", ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_S, context=checked)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_S)
    ) as server:
        if parts.scheme == "smtp" and host not in _LOCAL:
            server.starttls(context=checked)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _is_final(error: Exception) -> bool:
    """Whether the server said that trying again is no use (a code from 500 on)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
