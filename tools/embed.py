#!/usr/bin/env python3
"""embed.py queries|scripts|web --out STEM --depfile FILE SOURCE...

Turns files into C: writes STEM.h and STEM.c, and a depfile that also names the
directories, so that a file added or removed builds anew. Outputs that would not
change are left alone. Sources are DIR=NAME, the meaning of NAME by mode:

queries  *.sql of DIR become `const struct db_statement NAME_<stem>`, and the
         NULL-ended list `NAME_all[]`
scripts  *.sql of DIR, in order of name, become the NULL-name-ended list
         `const struct schema_script schema_NAME[]`
web      every file below DIR is served under NAME, as it is and gzip-compressed;
         a single file as DIR is served as exactly NAME; list `web_files[]`. A page
         names its parts below /v/VERSION, so that it never gets those of another
         version; the service worker is told the version and all its files
"""
import argparse
import gzip
import hashlib
import json
import pathlib
import re
import sys

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".txt": "text/plain; charset=utf-8",
    ".yaml": "application/yaml",
}

WORKER = "/sw.js"    # stands at the root: what it may serve is what is below it

SCRIPT_STRUCT = """struct schema_script {
\tconst char *name;   /* file name without .sql; scripts run in its order */
\tconst char *text;
\tconst char *sha256; /* of the text, lower-case hexadecimal */
};
"""

WEB_STRUCT = """struct web_file {
\tconst char *path;          /* as requested, begins with / */
\tconst char *type;          /* Content-Type */
\tconst char *etag;          /* quoted, from the SHA-256 of the content */
\tconst unsigned char *gzip; /* the content, gzip-compressed */
\tsize_t gzip_length;
\tconst unsigned char *data; /* the content itself, for a client that takes no gzip */
\tsize_t length;
};
"""


def literal(text):
    """A C string of `text`, one source line per line."""
    lines = text.splitlines(keepends=True) or [""]
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "?": "\\?"}
    return "\n".join('\t"' + "".join(escapes.get(c, c) for c in line) + '"' for line in lines)


def octets(data):
    """A C string of `data`; octal escapes have a fixed length."""
    rows = (data[i:i + 24] for i in range(0, len(data), 24))
    return "\n".join('\t"' + "".join(f"\\{b:03o}" for b in row) + '"' for row in rows)


def sql_files(directory):
    return sorted(directory.glob("*.sql"), key=lambda f: f.name) if directory.is_dir() else []


def highest_parameter(sql):
    code = re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", "", sql, flags=re.S)
    return max((int(n) for n in re.findall(r"\$(\d+)", code)), default=0)


def queries(sources):
    head, body = ['#include "core/statement.h"\n\n'], []
    for directory, prefix in sources:
        names = []
        for file in sql_files(directory):
            text = file.read_text(encoding="utf-8")
            names.append(f"{prefix}_{file.stem}")
            body.append(f"const struct db_statement {names[-1]} = {{\n\t.name = \"{file.stem}\",\n"
                        f"\t.parameters = {highest_parameter(text)},\n\t.text =\n{literal(text)},\n}};\n\n")
            head.append(f"extern const struct db_statement {names[-1]};\n")
        head.append(f"extern const struct db_statement *const {prefix}_all[]; /* NULL-ended */\n")
        rows = "".join(f"\t&{name},\n" for name in names)
        body.append(f"const struct db_statement *const {prefix}_all[] = {{\n{rows}\tNULL,\n}};\n")
    return "".join(head), "#include <stddef.h>\n\n" + "".join(body)


def scripts(sources):
    head, body = [SCRIPT_STRUCT], []
    for directory, name in sources:
        head.append(f"extern const struct schema_script schema_{name}[]; /* ended by a row without name */\n")
        body.append(f"const struct schema_script schema_{name}[] = {{\n")
        for file in sql_files(directory):
            text = file.read_text(encoding="utf-8")
            digest = hashlib.sha256(text.encode()).hexdigest()
            body.append(f"\t{{ .name = \"{file.stem}\",\n\t  .sha256 = \"{digest}\",\n\t  .text =\n{literal(text)} }},\n")
        body.append("\t{ .name = NULL },\n};\n\n")
    return "".join(head), "#include <stddef.h>\n\n" + "".join(body)


def web_sources(sources):
    """(file, path) of everything served."""
    for source, path in sources:
        if source.is_dir():
            files = sorted(f for f in source.rglob("*") if f.is_file() and f.suffix in MEDIA_TYPES)
            yield from ((f, path.rstrip("/") + "/" + f.relative_to(source).as_posix()) for f in files)
        elif source.is_file():
            yield source, path
        elif source.suffix:
            sys.exit(f"embed.py: {source} is not there; run `npm ci` first")


def versioned(files, version):
    """Quoted addresses of embedded files, each below the version."""
    address = re.compile(rb"""(["'])(/[^"']*)\1""")

    def lift(match):
        path = match.group(2).decode()
        return match.group(0) if path not in files or path == WORKER else match.expand(
            rb"\1/v/" + version.encode() + rb"\2\1")

    return {path: address.sub(lift, data) if path.endswith((".html", ".js")) and path != WORKER else data
            for path, data in files.items()}


def web(sources):
    files = {path: file.read_bytes() for file, path in web_sources(sources)}
    version = hashlib.sha256(b"".join(path.encode() + b"\0" + hashlib.sha256(data).digest()
                                      for path, data in sorted(files.items()))).hexdigest()[:16]
    files = versioned(files, version)
    if WORKER in files:
        parts = {path: hashlib.sha256(data).hexdigest()[:32] for path, data in sorted(files.items()) if path != WORKER}
        files[WORKER] = f"const VERSION = '{version}';\nconst FILES = {json.dumps(parts)};\n".encode() + files[WORKER]
    body, rows = [], []
    for index, (path, data) in enumerate(sorted(files.items())):
        packed = gzip.compress(data, 9, mtime=0)
        etag = hashlib.sha256(data).hexdigest()[:32]
        body.append(f"static const unsigned char gzip_{index}[] =\n{octets(packed)};\n\n"
                    f"static const unsigned char data_{index}[] =\n{octets(data)};\n\n")
        rows.append(f"\t{{ \"{path}\", \"{MEDIA_TYPES[pathlib.PurePath(path).suffix]}\", \"\\\"{etag}\\\"\",\n"
                    f"\t  gzip_{index}, {len(packed)}, data_{index}, {len(data)} }},\n")
    body.append(f"const char web_version[] = \"{version}\";\n\n"
                "const struct web_file web_files[] = {\n" + "".join(rows) + "\t{ .path = NULL },\n};\n")
    head = (WEB_STRUCT + "extern const struct web_file web_files[]; /* sorted by path, ended by a row without */\n"
            "extern const char web_version[]; /* from the content of all files */\n")
    return "#include <stddef.h>\n\n" + head, "".join(body)


def write_if_changed(file, text):
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")


def write_depfile(depfile, out, sources):
    inputs = []
    for source, _ in sources:
        if source.is_dir():
            inputs += [source] + sorted(source.rglob("*"))
        elif source.exists():
            inputs.append(source)
    targets = f"{out}.h {out}.c"
    depfile.write_text(f"{targets}: " + " ".join(str(i).replace(" ", "\\ ") for i in inputs) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["queries", "scripts", "web"])
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--name", required=True, help="the header as it is included, such as schema/queries.h")
    parser.add_argument("--depfile", required=True, type=pathlib.Path)
    parser.add_argument("sources", nargs="+")
    args = parser.parse_args()
    sources = [(pathlib.Path(path), name) for path, name in (s.rsplit("=", 1) for s in args.sources)]
    head, body = globals()[args.mode](sources)
    guard = re.sub(r"\W", "_", args.name).upper()
    origin = "/* Generated by tools/embed.py; do not edit. */\n"
    write_if_changed(args.out.with_suffix(".h"), f"{origin}#ifndef {guard}\n#define {guard}\n\n{head}\n#endif\n")
    write_if_changed(args.out.with_suffix(".c"), f"{origin}#include \"{args.name}\"\n\n{body}")
    write_depfile(args.depfile, args.out, sources)


main()
