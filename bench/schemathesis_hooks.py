"""Each request of the fuzz is one of its own: a key that came before would be refused (422) before its route sees it."""
import re
import uuid

import schemathesis

KEY = "idempotency-key"


@schemathesis.hook
def before_call(context, case, kwargs):
    key = (case.headers or {}).get(KEY)
    # A key that the schema does not allow stays: it is there to be refused.
    if isinstance(key, str) and re.fullmatch(r"[!-~]{1,255}", key):
        case.headers[KEY] = str(uuid.uuid4())
