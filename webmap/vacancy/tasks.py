"""What the worker does for returns: opens them on Monday, reminds, escalates, and tells the office's chat."""

import json
import urllib.request
from datetime import UTC, datetime
from urllib.error import URLError
from urllib.parse import urlsplit

from procrastinate import JobContext, RetryStrategy

from geo.errors import LouMapError
from webmap.jobs import tasks, work_of
from webmap.vacancy.chasing import chase
from webmap.vacancy.owing import Clock

TIMEOUT_S = 10


class ChatNotToldError(LouMapError):
    """The chat did not take the message; it is tried again."""


@tasks.periodic(cron="23 * * * *")
@tasks.task(name="chase_returns", pass_context=True, queueing_lock="chase_returns", lock="chase_returns")
def chase_returns(context: JobContext, timestamp: int) -> None:
    """Every hour: open the returns of the week, remind before they are due, escalate when they stay away."""
    work = work_of(context)
    with work.transaction() as session:
        chase(session, work.settings, Clock(datetime.now(UTC), work.settings.timezone))


@tasks.task(
    name="tell_chat",
    pass_context=True,
    retry=RetryStrategy(max_attempts=4, exponential_wait=6, retry_exceptions=[ChatNotToldError]),
)
def tell_chat(context: JobContext, text: str) -> None:
    """Post a message to the webhook of `LOUMAP_CHAT_WEBHOOK`."""
    url = work_of(context).settings.chat_webhook
    if url is None:
        return
    body = json.dumps(message_for(url, text), ensure_ascii=False).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json; charset=utf-8"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            answer.read(1000)
    except (URLError, OSError) as error:
        raise ChatNotToldError(f"The chat's webhook does not answer ({error}).") from None


def message_for(url: str, text: str) -> dict[str, object]:
    """A text as the chat wants it: 飞书 in its own form, 企业微信 and 钉钉 alike."""
    host = urlsplit(url).hostname or ""
    if host.endswith(("feishu.cn", "larksuite.com")):
        return {"msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}
