"""Faults on purpose: guessable secrets, broken digests, talkative logs."""

import hashlib
import random
import uuid

# ruleid: debug-on
DEBUG = True


def invite(user):
    # ruleid: uuid-as-token
    user.reset_token = uuid.uuid4().hex
    # ruleid: uuid-as-token
    link = f"/join/{uuid.uuid4()}"
    # ruleid: chance-for-secrets
    code = random.randint(0, 999999)
    row_key = uuid.uuid4()
    return link, code, row_key


def known(phone):
    # ruleid: weak-hash
    hashlib.md5(phone)
    # ruleid: weak-hash
    hashlib.sha1(phone)
    # ruleid: weak-hash
    hashlib.new("md5", phone)
    return hashlib.sha256(phone)


def told(member):
    # ruleid: number-in-log
    log.info("opened %s", member.id_number)
    # ruleid: number-in-log
    log.warning(f"opened {member.pk}")
    # ruleid: number-in-log
    logging.error("no such person", phone)
    log.info("opened %s", member.pk)
