"""Files in the fields of records."""

from __future__ import annotations

from django.db import transaction

from onedoor.kernel import files, log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, NotFound
from onedoor.registers import kinds, policies
from onedoor.registers.events import RecordFileAdded
from onedoor.registers.models import RecordFile
from onedoor.registers.writing import check_standing

MOST_FILES = 6  # of a field that does not say how many


@transaction.atomic
def attach(actor: Actor, number: str, field: str, name: str, content: bytes) -> RecordFile:
    """Adds a file to a field: sniffed, limited, pictures encoded anew without EXIF.

    Raises NotFound, NotAllowed, Conflict for a record that was withdrawn, BadInput, TooLarge.
    """
    record = policies.reach(actor, number, lock=True)
    declared = kinds.current(record.kind).papers.get(field)
    if declared is None or not policies.sees(actor, record, field):
        raise NotFound(what=field)
    policies.check(policies.may_keep(actor, record), "添加材料", "add files")
    check_standing(record)
    most = declared.most or MOST_FILES
    if record.files.filter(field=field, erased_at=None).count() >= most:
        raise BadInput.of(
            "file", f"「{declared.zh}」最多 {most} 个文件", f"at most {most} files in “{declared.en}”"
        )
    kept = files.accept(name, content)
    made = RecordFile.objects.create(
        record=record, field=field, name=kept.name, media_type=kept.media_type, size=kept.size, sha256=kept.sha256,
        path=files.store(kept), added_at=time.now(),
    )  # fmt: skip
    event = RecordFileAdded(made.pk, field, kept.media_type, kept.size, kept.sha256)
    log.append(record, event, actor)
    return made
