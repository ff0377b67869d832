#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The same check as audit-verify in 40 lines, for whoever will not run our jar: Python's standard
# library hashes, openssl checks the signature.   audit_verify.py EXPORT LOG.VKEY [PIN ...]
import base64, hashlib, os, re, subprocess, sys, tempfile

def stop(code, why):
    print(why)
    sys.exit(code)

def signed(path, vkey):  # RFC 8032 over the text of a C2SP signed note
    name, key_id, key = vkey.split("+", 2)
    key = base64.b64decode(key)
    text, _, signatures = open(path, newline="").read().rpartition("\n\n")
    if key_id != hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] or key[0] != 1:
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
                    stop(1, "BAD: the signature of %s does not fit" % path)
            size, root = text.split("\n")[1:]
            return int(size), base64.b64decode(root)
    stop(1, "BAD: %s has no signature of this log" % path)

if len(sys.argv) < 3 or not all(map(os.path.exists, sys.argv[1:])):
    stop(2, "usage: audit_verify.py EXPORT LOG.VKEY [PIN ...]")
for name in ("checkpoint", "entries.jsonl"):
    os.path.isfile(os.path.join(sys.argv[1], name)) or stop(3, name + " is missing")
vkey = open(sys.argv[2]).readline().strip()
known = [signed(path, vkey) for path in sys.argv[3:] + [os.path.join(sys.argv[1], "checkpoint")]]
size, peaks = 0, []  # RFC 9162: one hash for each complete subtree on the right edge
for line in open(os.path.join(sys.argv[1], "entries.jsonl"), "rb"):
    line.endswith(b"\n") or stop(1, "BAD: the last line is not whole")
    size, node, left = size + 1, hashlib.sha256(b"\0" + line[:-1]).digest(), size
    while left & 1:
        node, left = hashlib.sha256(b"\1" + peaks.pop() + node).digest(), left >> 1
    peaks.append(node)
    for wanted in [root for at, root in known if at == size]:
        root = peaks[-1]
        for peak in peaks[-2::-1]:
            root = hashlib.sha256(b"\1" + peak + root).digest()
        root == wanted or stop(1, "BAD: the first %d entries have another root" % size)
size or stop(3, "nothing to check")
size == max(at for at, _ in known) == known[-1][0] or stop(1, "BAD: there are %d entries" % size)
print("%d entries, root and %d signatures OK" % (size, len(known)))
