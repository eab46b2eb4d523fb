"""What was written to a journal is there afterwards, whatever happened to program or disk."""

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pyarrow as pa
import pytest

from gaitlab.model.errors import InputError, OutputError
from gaitlab.recordings import journal as journals
from gaitlab.recordings.frames import BLANK, pieces, sealed
from gaitlab.recordings.journal import JournalWriter
from gaitlab.recordings.journal_reading import read_journal
from gaitlab.recordings.lock import JournalInUseError

VICTIM = Path(__file__).with_name("journal_victim.py")
KILLS, AT_ONCE = 50, 8
ROWS_PER_BATCH = 5


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def filled(folder, n=40, start=0, **options):
    """A closed journal whose row k holds the number k, in batches of `ROWS_PER_BATCH`."""
    clock = Clock()
    with JournalWriter(folder, {"athlete": {"name": "Ada"}}, clock=clock, **options) as writer:
        for k in range(start, start + n):
            writer.add(k % 2, "data", k * 100_000_000, f"c{k % 3}", k.to_bytes(4, "little") * 3)
            clock.now += journals.BATCH_S / (ROWS_PER_BATCH - 1)
    return folder


def numbers(journal):
    """The numbers in the rows of a journal made by `filled`, in order."""
    return [
        int.from_bytes(payload[:4], "little") for payload in journal.rows["payload"].to_pylist()
    ]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "run.gait.journal"


# --- what goes in comes out ----------------------------------------------------------------


def test_every_row_comes_back_as_it_was_added(folder):
    journal = read_journal(filled(folder))
    assert numbers(journal) == list(range(40))
    assert np.array_equal(journal.host_ns, np.arange(40) * 100_000_000)
    assert journal.pods == (0, 1)
    assert journal.about["athlete"] == {"name": "Ada"}
    assert (journal.damage, journal.closed, journal.name) == ((), True, "run")


def test_events_come_back_with_their_pod_and_time(folder):
    with JournalWriter(folder, {}) as writer:
        writer.event(-1, 7, {"event": "mark", "label": "Ziel"})
        writer.add(0, "event", 8, "", b"[no object]")
    assert read_journal(folder).events() == [
        {"event": "mark", "label": "Ziel", "pod": -1, "host_ns": 7}
    ]


def test_a_segment_is_a_stream_that_any_arrow_program_reads(folder):
    filled(folder)
    with pa.ipc.open_stream(folder / "segment-0001.arrow") as stream:
        assert stream.read_all().num_rows == 40


def test_rows_are_in_the_file_after_half_a_second_and_on_the_disk_after_one(folder, monkeypatch):
    synced = []
    monkeypatch.setattr(journals.os, "fsync", synced.append)
    clock = Clock()
    writer = JournalWriter(folder, {}, clock=clock)
    writer.add(0, "data", 1, "c", b"x")
    clock.now += 0.51
    writer.tick()
    assert read_journal(folder).rows.num_rows == 1
    clock.now += 0.5
    writer.tick()
    assert len(synced) == 1
    writer.close()


def test_a_long_recording_is_split_into_segments(folder):
    filled(folder, segment_bytes=2000)
    assert len(list(folder.glob("segment-*.arrow"))) > 2
    assert numbers(read_journal(folder)) == list(range(40))


def test_a_restarted_recorder_goes_on_in_a_new_segment_of_the_same_journal(folder):
    filled(folder, 20)
    first = folder / "segment-0001.arrow"
    first.write_bytes(first.read_bytes()[:-30])  # as a death would leave it
    filled(folder, 20, start=20)
    journal = read_journal(folder)
    assert journal.segments == 2
    assert numbers(journal) == [*range(15), *range(20, 40)]
    assert [damage.segment for damage in journal.damage] == ["segment-0001.arrow"]


def test_after_a_restart_of_the_computer_time_goes_on(folder, monkeypatch):
    second = 1_000_000_000
    monkeypatch.setattr(journals, "boot_id", lambda: "one")
    monkeypatch.setattr(journals.time, "monotonic_ns", lambda: 5000 * second)
    monkeypatch.setattr(journals.time, "time_ns", lambda: 90_000 * second)
    with JournalWriter(folder, {}) as writer:
        writer.add(0, "data", 5001 * second, "c", b"a")
    monkeypatch.setattr(journals, "boot_id", lambda: "two")
    monkeypatch.setattr(journals.time, "monotonic_ns", lambda: 20 * second)
    monkeypatch.setattr(journals.time, "time_ns", lambda: 90_060 * second)
    with JournalWriter(folder, {}) as writer:
        writer.add(0, "data", 21 * second, "c", b"b")
    assert list(read_journal(folder).host_ns // second) == [5001, 5061]


def test_a_wall_clock_that_is_set_back_changes_nothing(folder, monkeypatch):
    filled(folder, 10)
    monkeypatch.setattr(journals.time, "time_ns", lambda: 0)
    filled(folder, 10, start=10)
    assert np.array_equal(read_journal(folder).host_ns, np.arange(20) * 100_000_000)


# --- the program dies ------------------------------------------------------------------------


def killed(folders, after_s):
    """When the recorders on the folders were killed, on this computer's monotonic clock."""
    words = [str(word) for pair in zip(folders, after_s, strict=True) for word in pair]
    said = subprocess.run(
        [sys.executable, "-W", "ignore", VICTIM, *words], capture_output=True, check=True, text=True
    )
    return [int(line) for line in said.stdout.split()]


def test_kill_9_at_random_moments_costs_less_than_a_second(tmp_path):
    moments = np.random.default_rng(4).uniform(0.0, 1.4, KILLS)
    folders = [tmp_path / f"{k}.gait.journal" for k in range(KILLS)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        chunks = [slice(k, None, AT_ONCE) for k in range(AT_ONCE)]
        ends = list(pool.map(lambda some: killed(folders[some], moments[some]), chunks))
    for some, ends_ns in zip(chunks, ends, strict=True):
        for folder, end_ns, moment in zip(folders[some], ends_ns, moments[some], strict=True):
            journal = read_journal(folder)
            count = [int.from_bytes(row, "little") for row in journal.rows["payload"].to_pylist()]
            last_ns = journal.host_ns[-1] if count else end_ns - moment * 1e9
            assert count == list(range(len(count)))
            assert (journal.damage, journal.closed) == ((), False)
            assert end_ns - last_ns <= 1e9


# --- bytes are damaged -------------------------------------------------------------------------


def test_truncation_at_every_byte_gives_every_whole_batch(folder):
    file = filled(folder, 20) / "segment-0001.arrow"
    content = file.read_bytes()
    ends = [piece.stop for piece in pieces(content) if piece.kind == "message"][1:]
    for length in range(len(content)):
        file.write_bytes(content[:length])
        try:
            journal = read_journal(folder)
        except InputError:
            assert length < ends[0]
            continue
        whole = sum(end <= length for end in ends)
        assert numbers(journal) == list(range(whole * ROWS_PER_BATCH))
        assert not journal.closed


def test_a_flipped_bit_anywhere_is_noticed_and_costs_one_batch(folder):
    file = filled(folder, 30) / "segment-0001.arrow"
    content = file.read_bytes()
    whole = numbers(read_journal(folder))
    rng = np.random.default_rng(1)
    for at in range(0, len(content), 3):
        flipped = bytearray(content)
        flipped[at] ^= 1 << int(rng.integers(8))
        file.write_bytes(flipped)
        journal = read_journal(folder)
        assert journal.damage, f"byte {at}"
        lost = sorted(set(whole) - set(numbers(journal)))
        assert len(lost) <= ROWS_PER_BATCH
        assert numbers(journal) == sorted(set(whole) - set(lost))


def test_damage_says_between_which_rows_it_lies(folder):
    file = filled(folder, 15) / "segment-0001.arrow"
    content = bytearray(file.read_bytes())
    second = [piece for piece in pieces(bytes(content)) if piece.kind == "message"][2]
    content[second.stop - 8] ^= 1
    file.write_bytes(content)
    (damage,) = read_journal(folder).damage
    assert (damage.start_byte, damage.n_bytes) == (second.start, second.stop - second.start)
    assert (damage.after_ns, damage.before_ns) == (4 * 100_000_000, 10 * 100_000_000)


def test_a_changed_about_is_noticed_and_the_segments_know_better(folder):
    filled(folder)
    about = folder / "about.json"
    about.write_bytes(about.read_bytes().replace(b"Ada", b"Bea"))
    journal = read_journal(folder)
    assert [damage.segment for damage in journal.damage] == ["about.json"]
    assert journal.about["athlete"] == {"name": "Ada"}


def test_a_lost_segment_is_noticed(folder):
    filled(folder, segment_bytes=2000)
    (folder / "segment-0001.arrow").unlink()
    assert read_journal(folder).damage[0].segment == "segment-0001.arrow"


def test_hostile_bytes_are_damage_and_nothing_else(folder):
    file = filled(folder, 5) / "segment-0001.arrow"
    rng = np.random.default_rng(2)
    good = file.read_bytes()
    for _ in range(200):
        junk = rng.bytes(int(rng.integers(1, 400)))
        lie = sealed(b"\xff\xff\xff\xff" + junk + BLANK + junk)  # proves itself, is no batch
        file.write_bytes(lie + good + BLANK + junk)
        journal = read_journal(folder)
        assert numbers(journal) == list(range(5))
        assert journal.damage


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), "not a journal"),
        (lambda path: (path.mkdir(), (path / "notes.txt").write_text("x")), "not a journal"),
        (lambda path: path.write_bytes(b"hello"), "can be read"),
        (lambda path: (path.mkdir(), (path / "segment-0001.arrow").touch()), "can be read"),
        (lambda path: (path.mkdir(), (path / "segment-0001.arrow").mkdir()), "no segment"),
    ],
    ids=["missing", "empty", "foreign", "a file", "an empty segment", "a folder as segment"],
)
def test_what_is_no_journal_is_refused_in_one_sentence(folder, make, says):
    make(folder)
    with pytest.raises(InputError, match=says):
        read_journal(folder)


# --- the disk is full, the folder gone -----------------------------------------------------------


def test_a_full_disk_is_one_error_and_writing_goes_on_when_there_is_room(folder, monkeypatch):
    clock = Clock()
    writer = JournalWriter(folder, {}, clock=clock)
    writer.add(0, "data", 0, "c", b"before")
    clock.now += 0.6
    writer.tick()
    write = os.write

    def half_then_full(fd, content):
        if len(content) > 100:
            return write(fd, content[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(journals.os, "write", half_then_full)
        writer.add(0, "data", 1, "c", b"during")
        clock.now += 0.6
        with pytest.raises(OutputError, match="No space left"):
            writer.tick()
        clock.now += 5.0
        writer.add(0, "data", 2, "c", b"also during")  # said once is enough
        assert writer.trouble is not None
    clock.now += 1.1
    writer.add(0, "data", 3, "c", b"after")
    assert writer.trouble is None
    writer.close()
    journal = read_journal(folder)
    assert list(journal.host_ns) == [0, 1, 2, 3]
    assert (writer.lost_rows, journal.damage) == (0, ())


def add_slowly(writer, clock, n):
    for k in range(n):
        clock.now += 0.6
        writer.add(0, "data", k, "c", bytes(1000))


def test_a_file_size_limit_of_the_system_is_the_same_as_a_full_disk(folder):
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    clock = Clock()
    writer = JournalWriter(folder, {}, clock=clock)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, usual[1]))
        with pytest.raises(OutputError, match="everything written so far is safe"):
            add_slowly(writer, clock, 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        signal.signal(signal.SIGXFSZ, handler)
    clock.now += 2.0
    writer.tick()
    writer.close()
    kept = read_journal(folder).host_ns
    assert np.array_equal(kept, np.arange(len(kept)))
    assert len(kept) > 10


def test_a_folder_that_is_deleted_while_recording_comes_back_with_the_segment(folder):
    clock = Clock()
    writer = JournalWriter(folder, {}, clock=clock)
    writer.add(0, "data", 1, "c", b"before")
    clock.now += 0.6
    writer.tick()
    shutil.rmtree(folder)
    for k in (2, 3):
        clock.now += 1.1
        writer.add(0, "data", k, "c", b"after")
        clock.now += 0.6
        writer.tick()
    writer.close()
    assert list(read_journal(folder).host_ns) == [1, 2, 3]


def test_what_could_never_be_written_is_said_when_closing(folder):
    clock = Clock()
    writer = JournalWriter(folder, {}, clock=clock)
    shutil.rmtree(folder)
    folder.write_text("somebody else's file")
    clock.now += 1.1
    with pytest.raises(OutputError):
        writer.tick()
    writer.add(0, "data", 1, "c", b"x")
    clock.now += 1.1
    writer.tick()
    with pytest.raises(OutputError):
        writer.close()
    assert writer.lost_rows == 1
    writer.close()


def test_memory_stays_bounded_while_nothing_can_be_written(folder, monkeypatch):
    monkeypatch.setattr(journals, "PENDING_BYTES", 10_000)
    clock = Clock()
    writer = JournalWriter(folder, {}, clock=clock)

    def full(fd, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(journals.os, "write", full)
        clock.now += 0.6
        raised = 0
        for k in range(1000):
            clock.now += 0.01
            try:
                writer.add(0, "data", k, "c", bytes(100))
            except OutputError:
                raised += 1
        assert raised == 1
    clock.now += 1.1
    writer.close()
    kept = read_journal(folder).host_ns
    assert 0 < len(kept) < 100
    assert kept[-1] == 999
    assert writer.lost_rows == 1000 - len(kept)


def test_a_folder_that_cannot_be_made_is_an_error_at_once(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        JournalWriter(tmp_path / "missing" / "run.gait.journal", {})


def test_two_recorders_never_write_to_one_journal(folder):
    with JournalWriter(folder, {}) as first:
        first.add(0, "data", 1, "c", b"mine")
        with pytest.raises(JournalInUseError, match="another gaitlab") as caught:
            JournalWriter(folder, {})
        assert "--out" in caught.value.todo
    with JournalWriter(folder, {}) as again:  # the lock goes with the recorder
        again.add(0, "data", 2, "c", b"later")
    assert read_journal(folder).rows["payload"].to_pylist() == [b"mine", b"later"]


class WindowsLocks:
    """msvcrt as Windows has it: one holder of a byte, an error for everybody else."""

    LK_NBLCK = 2

    def __init__(self, error=errno.EACCES):
        self.error, self.held = error, set()

    def locking(self, descriptor, mode, n_bytes):
        assert (mode, n_bytes) == (self.LK_NBLCK, 1)
        file = os.fstat(descriptor).st_ino
        if file in self.held:
            raise OSError(self.error, "Permission denied")
        self.held.add(file)


def test_two_recorders_on_windows_never_write_to_one_journal(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", WindowsLocks())
    with (
        JournalWriter(folder, {}),
        pytest.raises(JournalInUseError, match="another gaitlab"),
    ):
        JournalWriter(folder, {})


def test_a_windows_file_system_without_locks_records_all_the_same(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", WindowsLocks(errno.EINVAL))
    with JournalWriter(folder, {}), JournalWriter(folder, {}) as second:
        second.add(0, "data", 1, "c", b"mine")


def test_a_slow_disk_does_not_hold_up_what_comes_in(folder, monkeypatch):
    now, entered, go = [0.0], Event(), Event()

    def slow(_):
        entered.set()
        assert go.wait(10)

    with JournalWriter(folder, {}, clock=lambda: now[0], background=True) as writer:
        monkeypatch.setattr(os, "fsync", slow)
        for k in range(100):
            now[0] = k / 10
            writer.add(0, "data", k, "c", b"x")
        assert entered.wait(10)
        assert len(read_journal(folder).host_ns) >= 94  # written all the same
        go.set()
        monkeypatch.undo()
    assert list(read_journal(folder).host_ns) == list(range(100))
