#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The same check as audit-verify in few lines, for whoever will not run our jar: Python's standard
# library hashes, openssl checks the signature.   audit_verify.py EXPORT LOG.VKEY [PIN ...]
import base64, hashlib, json, os, re, subprocess, sys, tempfile

def stop(code, why):
    print(why)
    sys.exit(code)

def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

def read(*path):
    return open(os.path.join(*path), newline="", encoding="utf-8").read()

def signed(note, vkey, what):  # RFC 8032 over the text of a C2SP signed note
    name, key_id, key = vkey.split("+", 2)
    key = base64.b64decode(key)
    text, _, signatures = note.rpartition("\n\n")
    if key_id != sha(name.encode(), b"\n", key).hex()[:8] or key[0] != 1:
        stop(2, "that is not a key of a log")
    for line in signatures.splitlines():
        parts = re.fullmatch("\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)", line) or stop(1, "not a signature")
        raw = base64.b64decode(parts[2])
        if parts[1] == name and raw[:4].hex() == key_id and text.split("\n")[0] == name:
            with tempfile.TemporaryDirectory() as d:
                for file, content in (("key", bytes.fromhex("302a300506032b6570032100") + key[1:]),
                                      ("text", (text + "\n").encode()), ("sig", raw[4:])):
                    open(os.path.join(d, file), "wb").write(content)
                if subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER",
                                   "-inkey", "key", "-in", "text", "-sigfile", "sig"], cwd=d, capture_output=True).returncode:
                    stop(1, "BAD: the signature of %s does not fit" % what)
            size, root = text.split("\n")[1:]
            return int(size), base64.b64decode(root)
    stop(1, "BAD: %s has no signature of this log" % what)

def in_master(folder, vkey, log):  # RFC 9162, 2.1.3.2: what the tree over the trees says of this log
    head, _, note = read(folder, "leaf.tlog-proof").partition("\n\n")
    size, root = signed(note, vkey, "the tree over the trees")
    lines, leaf = head.split("\n"), read(folder, "leaf").rstrip("\n")
    fn, sn, node = int(lines[1][6:]), size - 1, sha(b"\0", leaf.encode())
    fn <= sn or stop(1, "BAD: the tree over the trees is smaller")
    for step in map(base64.b64decode, lines[2:]):
        sn or stop(1, "BAD: the proof of the tree over the trees is too long")
        node = sha(b"\1", step, node) if fn & 1 or fn == sn else sha(b"\1", node, step)
        while fn == sn and fn and not fn & 1:
            fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    said = json.loads(leaf)
    name = sha(bytes.fromhex(read(folder, "salt").strip()), log.split("/org/")[1][:36].encode()).hex()
    sn == 0 and node == root and said["action"] == "checkpoint.signed" and said["target"] == name \
        or stop(1, "BAD: the tree over the trees does not name this log so")
    return said["size"], base64.b64decode(said["root"])

if len(sys.argv) < 3 or not all(map(os.path.exists, sys.argv[1:])):
    stop(2, "usage: audit_verify.py EXPORT LOG.VKEY [PIN ...]")
export = sys.argv[1]
for name in ("checkpoint", "entries.jsonl"):
    os.path.isfile(os.path.join(export, name)) or stop(3, name + " is missing")
vkey, *others = read(sys.argv[2]).split()
known = [signed(read(path), vkey, path) for path in sys.argv[3:] + [os.path.join(export, "checkpoint")]]
for master in [key for key in others if key.split("+")[0].endswith("/master")]:
    os.path.isdir(os.path.join(export, "master")) or stop(3, "master is missing")
    known.insert(0, in_master(os.path.join(export, "master"), master, vkey.split("+")[0]))
size, peaks = 0, []  # RFC 9162: one hash for each complete subtree on the right edge
for line in open(os.path.join(export, "entries.jsonl"), "rb"):
    line.endswith(b"\n") or stop(1, "BAD: the last line is not whole")
    size, node, left = size + 1, sha(b"\0", line[:-1]), size
    while left & 1:
        node, left = sha(b"\1", peaks.pop(), node), left >> 1
    peaks.append(node)
    for wanted in [root for at, root in known if at == size]:
        root = peaks[-1]
        for peak in peaks[-2::-1]:
            root = sha(b"\1", peak, root)
        root == wanted or stop(1, "BAD: the first %d entries have another root" % size)
size or stop(3, "nothing to check")
size == max(at for at, _ in known) == known[-1][0] or stop(1, "BAD: there are %d entries" % size)
print("%d entries, root and %d signatures OK" % (size, len(known)))
