#!/usr/bin/env python3
"""What `batos bench image` measures, of ZODB's FileStorage: same objects, same counts, same JSON.

    zodb_image.py --image DIR [--objects N] [--bytes N] [--writers N] [--seconds S] [--cold-reads N]
                  [--measure fill,commits,reads,history,open,pack]

DIR gets Data.fs with an OOBTree name -> object, and is gone on with when it is there. `benches/image.sh` runs
both sides in turns. Nothing is tuned for or against it: every setting is ZODB's default, unless a figure's name says otherwise.
"""
import argparse
import importlib
import json
import os
import random
import signal
import string
import subprocess
import sys
import threading
import time

import persistent
import transaction
import ZODB
import ZODB.FileStorage
from BTrees.OOBTree import OOBTree
from ZODB.utils import p64, u64

# FileStorage calls `fsync` of its module in `_finish`, after the write of every transaction.
syncs = 0
storage_module = importlib.import_module("ZODB.FileStorage.FileStorage")
real_fsync = storage_module.fsync


def counting_fsync(descriptor):
    global syncs
    syncs += 1
    real_fsync(descriptor)


storage_module.fsync = counting_fsync

BATCH = 1_000
# As in the measure of history: objects that are changed again and again.
PAST_OBJECTS, PAST_VERSIONS, PAST_CHANGES = 100, 100, 20
# Few enough to be kept in a connection as live objects.
FEW = 20_000


class Item(persistent.Persistent):
    def __init__(self, name, number, text):
        self.name = name
        self.number = number
        self.text = text


def name_of(index):
    return f"item-{index:09}"


def text_of(size, source):
    return "".join(source.choices(string.ascii_lowercase, k=size))


def number_in(path, name):
    try:
        with open(path) as file:
            for line in file:
                if line.startswith(name):
                    return int(line.split()[1])
    except OSError:
        pass
    return None


def resident_bytes(name="VmRSS:"):
    kib = number_in("/proc/self/status", name)
    return None if kib is None else kib * 1024


def flushes(folder):
    """How often the disk was told to empty its cache, by anybody."""
    device = os.stat(folder).st_dev
    path = os.path.realpath(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    if os.path.exists(f"{path}/partition"):
        path = os.path.dirname(path)
    try:
        with open(f"{path}/stat") as file:
            return int(file.read().split()[15])
    except (OSError, IndexError):
        return None


def drop_pages(folder):
    for entry in os.scandir(folder):
        if entry.is_file():
            descriptor = os.open(entry.path, os.O_RDONLY)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def bytes_of(folder):
    sizes = {entry.name: entry.stat().st_blocks * 512 for entry in os.scandir(folder) if entry.is_file()}
    data, index = sizes.get("Data.fs", 0), sizes.get("Data.fs.index", 0)
    return {"all": data + index, "data": data, "index": index}


class Image:
    def __init__(self, folder, cache_size=400, writers=1):
        self.path = os.path.join(folder, "Data.fs")
        self.storage = ZODB.FileStorage.FileStorage(self.path)
        self.db = ZODB.DB(self.storage, cache_size=cache_size, pool_size=max(7, writers + 1))

    def connect(self):
        manager = transaction.TransactionManager()
        connection = self.db.open(manager)
        return manager, connection

    def close(self):
        self.db.close()


def fill(folder, objects, size):
    if os.path.exists(os.path.join(folder, "Data.fs")):
        return None
    os.makedirs(folder, exist_ok=True)
    source = random.Random(1)
    image = Image(folder)
    start = time.perf_counter()
    manager, connection = image.connect()
    items = connection.root()["items"] = OOBTree()
    oids = []
    for first in range(0, objects, BATCH):
        made = []
        for index in range(first, min(first + BATCH, objects)):
            item = Item(name_of(index), index, text_of(size, source))
            items[item.name] = item
            made.append(item)
        manager.commit()
        oids.extend(item._p_oid for item in made)
        # What was written stays a live object otherwise.
        connection.cacheGC()
    connection.close()
    image.close()
    seconds = time.perf_counter() - start
    # For reads by number: a look-up without a BTree.
    with open(os.path.join(folder, "oids"), "wb") as file:
        file.write(b"".join(oids))
    return {"seconds": seconds, "objects_per_second": objects / seconds, "per_transaction": BATCH}


def oids_of(folder):
    with open(os.path.join(folder, "oids"), "rb") as file:
        data = file.read()
    return [data[at : at + 8] for at in range(0, len(data), 8)]


def own_object(options, writer, writers, source):
    rounds = max(options.objects // writers, 1)
    return min(source.randrange(rounds) * writers + writer, options.objects - 1)


def change(manager, connection, index, size, source):
    manager.begin()
    connection.root()["items"][name_of(index)].text = text_of(size, source)
    manager.commit()


def all_writers(writers, work):
    failures = []

    def guarded(writer):
        try:
            work(writer)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def commits(image, options, writers):
    times = []
    before = (syncs, flushes(options.image))
    cpu = time.process_time()
    start = time.perf_counter()

    def write(writer):
        manager, connection = image.connect()
        source = random.Random(writer)
        own = []
        while time.perf_counter() - start < options.seconds:
            begun = time.perf_counter()
            index = own_object(options, writer, writers, source)
            change(manager, connection, index, options.bytes, source)
            own.append(time.perf_counter() - begun)
        connection.close()
        times.extend(own)

    all_writers(writers, write)
    elapsed = time.perf_counter() - start
    cpu = time.process_time() - cpu
    times.sort()
    flushed = flushes(options.image)
    return {
        "writers": writers,
        "commits": len(times),
        "per_second": len(times) / elapsed,
        "cpu_us": cpu / len(times) * 1e6,
        "syncs": syncs - before[0],
        "flushes": None if flushed is None else flushed - before[1],
        "median_us": times[len(times) // 2] * 1e6,
        "p99_us": times[len(times) * 99 // 100] * 1e6,
    }


def rate(options, read, count, seconds=None):
    source = random.Random(2)
    cpu = time.process_time()
    start = time.perf_counter()
    done = 0
    seconds = seconds or options.seconds
    while time.perf_counter() - start < seconds:
        for _ in range(16):
            read(source.randrange(count))
            done += 1
    return rate_of(done, start, cpu)


def rate_of(done, start, cpu):
    elapsed, cpu = time.perf_counter() - start, time.process_time() - cpu
    return {"per_second": done / elapsed, "cpu_us": cpu / done * 1e6}


def by_name(connection):
    items = connection.root()["items"]
    return lambda index: items[name_of(index)].text


def warm_reads(options):
    image = Image(options.image)
    oids = oids_of(options.image)
    manager, connection = image.connect()

    def by_oid(index):
        return connection.get(oids[index]).text

    found = {}
    every = options.objects
    read = by_name(connection)
    rate(options, by_oid, every, options.seconds / 2)
    found["by_oid"] = collected(options, connection, by_oid, every)
    found["by_name"] = collected(options, connection, read, every)

    def in_its_own_transaction(index):
        manager.begin()
        return read(index)

    found["by_name_each_snapshot"] = collected(options, connection, in_its_own_transaction, every)
    connection.close()
    image.close()
    # Everything that is read stays in the connection as a live object.
    image = Image(options.image, cache_size=4 * FEW)
    manager, connection = image.connect()
    read = by_name(connection)
    few = min(FEW, every)
    for index in range(few):
        read(index)
    found["few_by_name"] = rate(options, read, few)
    connection.close()
    image.close()
    return found


def collected(options, connection, read, count):
    """A rate with the connection's cache kept to its size, as it is at the end of every transaction."""
    reads = 0

    def counted(index):
        nonlocal reads
        read(index)
        reads += 1
        if reads % 400 == 0:
            connection.cacheGC()

    return rate(options, counted, count)


def cold_reads(options):
    def measured(by):
        drop_pages(options.image)
        image = Image(options.image)
        _, connection = image.connect()
        read = by(connection)
        source = random.Random(3)
        before = number_in("/proc/self/io", "read_bytes:")
        cpu = time.process_time()
        start = time.perf_counter()
        for _ in range(options.cold_reads):
            read(source.randrange(options.objects))
        found = rate_of(options.cold_reads, start, cpu)
        came = number_in("/proc/self/io", "read_bytes:") - before
        connection.close()
        image.close()
        return found, came

    oids = oids_of(options.image)
    number, _ = measured(lambda connection: lambda index: connection.get(oids[index]).text)
    named, came = measured(by_name)
    return {
        "reads": options.cold_reads,
        "by_oid": number,
        "by_name": named,
        "pages_dropped": True,
        "read_bytes": came,
    }


def history(options):
    image = Image(options.image, writers=options.writers)
    oldest = u64(image.storage.lastTransaction())
    objects = min(PAST_OBJECTS, options.objects)

    def write(writer):
        manager, connection = image.connect()
        source = random.Random(writer)
        for _ in range(PAST_VERSIONS):
            for index in range(writer, objects, options.writers):
                change(manager, connection, index, options.bytes, source)
        connection.close()

    all_writers(options.writers, write)
    newest = u64(image.storage.lastTransaction())
    _, connection = image.connect()
    oids = oids_of(options.image)[:objects]
    source = random.Random(4)

    def past_state(_):
        before = p64(source.randrange(oldest, newest + 1) + 1)
        data, _, _ = image.storage.loadBefore(source.choice(oids), before)
        return connection._reader.getState(data)["text"]

    def changes(_):
        return image.db.history(source.choice(oids), size=PAST_CHANGES)

    found = {
        "objects": objects,
        "versions_each": PAST_VERSIONS,
        "past_states": rate(options, past_state, 1),
        "histories": rate(options, changes, 1),
    }
    connection.close()
    image.close()
    return found


def open_elsewhere(options):
    output = subprocess.run([sys.executable, __file__, "--open", options.image], check=True, stdout=subprocess.PIPE)
    return json.loads(output.stdout)


def open_and_say(folder):
    start = time.perf_counter()
    image = Image(folder)
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    _, connection = image.connect()
    by_name(connection)(0)
    first_read = time.perf_counter() - start
    found = {
        "seconds": seconds,
        "first_read_seconds": first_read,
        "resident_bytes": resident_bytes(),
        "most_resident_bytes": resident_bytes("VmHWM:"),
    }
    print(json.dumps(found))
    sys.stdout.flush()
    # What it opened is left as it was: the next opening is to find the same.
    os._exit(0)


def load_until_killed(options):
    image = Image(options.image, writers=options.writers)
    newest = 0

    def write(writer):
        nonlocal newest
        manager, connection = image.connect()
        source = random.Random(writer)
        while True:
            index = own_object(options, writer, options.writers, source)
            change(manager, connection, index, options.bytes, source)
            newest += 1

    def say():
        while True:
            time.sleep(0.02)
            if newest:
                print(newest, flush=True)

    threading.Thread(target=say, daemon=True).start()
    all_writers(options.writers, write)


def write_and_kill(options):
    command = [sys.executable, __file__, "--load", "--image", options.image]
    for option in ("objects", "bytes", "writers"):
        command += [f"--{option}", str(getattr(options, option))]
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    child.stdout.readline()
    time.sleep(options.seconds)
    child.send_signal(signal.SIGKILL)
    child.wait()


def opening(options):
    found = {"clean": open_elsewhere(options)}
    drop_pages(options.image)
    found["clean_cold"] = open_elsewhere(options)
    for name, cold in (("killed", False), ("killed_cold", True)):
        write_and_kill(options)
        if cold:
            drop_pages(options.image)
        found[name] = open_elsewhere(options)
        # As it is left by a process that ends in order.
        Image(options.image).close()
    os.remove(os.path.join(options.image, "Data.fs.index"))
    found["without_index"] = open_elsewhere(options)
    Image(options.image).close()
    found["pages_dropped"] = True
    return found


def pack(options):
    before = bytes_of(options.image)
    image = Image(options.image)
    start = time.perf_counter()
    image.db.pack(time.time())
    seconds = time.perf_counter() - start
    image.close()
    old = os.path.join(options.image, "Data.fs.old")
    # It is kept beside; what counts is what is needed.
    if os.path.exists(old):
        os.remove(old)
    return {"seconds": seconds, "before": before, "after": bytes_of(options.image)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--image")
    parser.add_argument("--objects", type=int, default=100_000)
    parser.add_argument("--bytes", type=int, default=100)
    parser.add_argument("--writers", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--cold-reads", type=int, default=2_000)
    parser.add_argument("--measure", default="commits,reads,history,open,pack")
    parser.add_argument("--open")
    parser.add_argument("--load", action="store_true")
    options = parser.parse_args()
    if options.open:
        open_and_say(options.open)
    if options.load:
        load_until_killed(options)
    wanted = [measure for measure in options.measure.split(",") if measure]
    report = {"version": f"ZODB {version('ZODB')}, Python {sys.version.split()[0]}"}
    report["filled"] = fill(options.image, options.objects, options.bytes)
    if "commits" in wanted:
        image = Image(options.image, writers=options.writers)
        report["commits"] = [commits(image, options, writers) for writers in (1, options.writers)]
        image.close()
    if "reads" in wanted:
        report["reads"] = warm_reads(options)
        report["cold_reads"] = cold_reads(options)
    if "history" in wanted:
        report["history"] = history(options)
    if "open" in wanted:
        report["open"] = opening(options)
    if "pack" in wanted:
        report["pack"] = pack(options)
    report["bytes"] = bytes_of(options.image)
    json.dump(report, sys.stdout)
    print()


def version(package):
    from importlib.metadata import version

    return version(package)


if __name__ == "__main__":
    main()
