#!/usr/bin/env python3
"""The plugin ABI, or the C API, as numbers: every struct's size, every field's offset and type, every constant, every function.

layout.py check   HEADER GOLDEN   is what GOLDEN lists still there, unmoved? (fields may be appended)
layout.py print   HEADER          today's layout, in the form of GOLDEN: for a release that appended something
"""
import os
import re
import subprocess
import sys
import tempfile

# Cells and values lie in arrays without a stride: these may not even grow.
FROZEN = {'fg_string', 'fg_list_u64', 'fg_list_i64', 'fg_list_f64', 'fg_list_string', 'fg_series', 'fg_value', 'fg_list_value', 'fg_vector', 'fg_array'}
# They say of the header what it is, and grow.
NO_CONSTANTS = {'FG_ABI_MINOR', 'FG_TARGET_MINOR', 'FG_EXPORT', 'FLOWGAUGE_API_MINOR', 'FLOWGAUGE_API'}
GOLDEN_HEAD = '''\
# {what} as of its last release, {version}: every struct's size, every field's offset, size and type, every
# constant, on a 64-bit machine. tests/abi/layout.py compares. Lines are only ever added; sizes grow with a release.
'''


class Struct:
    def __init__(self, name, size, fields):
        self.name, self.size, self.fields = name, size, fields


def without_comments(text):
    return re.sub(r'/\*.*?\*/', ' ', text, flags=re.S)


def declared(header):
    """{struct: [(field, type text)]} and [constant], in the order of the header."""
    text = without_comments(header)
    # What hides newer fields (#if FG_TARGET_MINOR >= 1) is no field; measured() shows them all.
    text = re.sub(r'^#(?:if|endif)\b.*$', '', text, flags=re.M)
    structs = {}
    for _, name, body in re.findall(r'typedef (struct|union) ((?:fg|flowgauge)_\w+) \{(.*?)\} \2;', text, flags=re.S):
        structs[name] = fields = []
        for line in filter(None, (' '.join(part.split()) for part in body.split(';'))):
            function = re.fullmatch(r'(.*?)\(\*\s*(\w+)\)(\(.*\))', line)
            plain = re.fullmatch(r'(.*?)(\w+)((?:\[\w+\])*)', line)
            kind, field, rest = (function or plain).groups()
            fields.append((field, f'{kind.strip()} {"(*)" if function else ""}{rest}'.strip()))
    constants = re.findall(r'^#define ((?:FG|FLOWGAUGE)_[A-Z0-9_]+)[ \t]+[^\s(\\].*$|^#define (FG_(?:REVEALS|NEEDS)_[A-Z]+) \(', text,
                           flags=re.M)
    return structs, [a or b for a, b in constants if (a or b) not in NO_CONSTANTS]


def functions(header):
    """{name: its prototype without the name} of what a library exports."""
    found = re.findall(r'FLOWGAUGE_API\s+([^;{]*?)\b(flowgauge_\w+)(\([^;{]*\));', without_comments(header))
    return {name: ' '.join(f'{gives}{takes}'.split()) for gives, name, takes in found}


def measured(header_path, compiler):
    """([Struct], {constant: value}) as the compiler lays them out. A field is (name, offset, size, type)."""
    with open(header_path) as file:
        text = file.read()
    structs, constants = declared(text)
    lines = ['#define FG_TARGET_MINOR 0x7fffffff', '#include <stdio.h>', f'#include "{os.path.abspath(header_path)}"', 'int main(void) {']
    for name, fields in structs.items():
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        for field, _ in fields:
            lines.append(f'printf("{name}.{field} %zu %zu\\n", offsetof({name}, {field}), sizeof((({name}*)0)->{field}));')
    for constant in constants:
        if constant == 'FG_MODULE_SYMBOL':
            lines.append(f'printf("{constant} %s\\n", {constant});')
        else:
            lines.append(f'printf("{constant} %lld\\n", (long long)({constant}));')
    lines.append('return 0; }')
    with tempfile.TemporaryDirectory() as folder:
        source, program = os.path.join(folder, 'layout.c'), os.path.join(folder, 'layout')
        with open(source, 'w') as file:
            file.write('\n'.join(lines))
        subprocess.run([compiler, '-std=c99', '-o', program, source], check=True)
        printed = dict(line.split(' ', 1) for line in
                       subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines())
    result = []
    for name, fields in structs.items():
        rows = [(field, *map(int, printed[f'{name}.{field}'].split()), kind) for field, kind in fields]
        result.append(Struct(name, int(printed[name]), rows))
    return result, {constant: printed[constant] for constant in constants} | functions(text)


def holes(struct):
    """Padding of 8 bytes or more: a field that this script did not see."""
    end, found = 0, []
    for field, offset, size, _ in sorted(struct.fields, key=lambda row: row[1]):
        if offset - end >= 8:
            found.append(f'{struct.name}: {offset - end} bytes before {field} belong to no field that layout.py sees')
        end = max(end, offset + size)
    if struct.size - end >= 8:
        found.append(f'{struct.name}: its last {struct.size - end} bytes belong to no field that layout.py sees')
    return found


def as_text(structs, constants, minor=0):
    is_library = any(struct.name.startswith('flowgauge_') for struct in structs)
    lines = [GOLDEN_HEAD.format(what='The C API' if is_library else 'The plugin ABI', version='0.0' if is_library else f'1.{minor}')]
    for struct in structs:
        lines.append(f'struct {struct.name} {struct.size}')
        lines += [f'  {field} {offset} {size} {kind}' for field, offset, size, kind in struct.fields]
    lines.append('constants')
    lines += [f'  {name} {value}' for name, value in constants.items()]
    return '\n'.join(lines) + '\n'


def read_golden(text):
    structs, constants = [], {}
    for line in text.splitlines():
        if not line or line.startswith('#'):
            continue
        if line.startswith('struct '):
            _, name, size = line.split()
            structs.append(Struct(name, int(size), []))
        elif line == 'constants':
            structs.append(None)
        elif structs[-1] is None:
            name, value = line.strip().split(' ', 1)
            constants[name] = value
        else:
            field, offset, size, kind = line.strip().split(' ', 3)
            structs[-1].fields.append((field, int(offset), int(size), kind))
    return [struct for struct in structs if struct], constants


def compare(golden, today):
    """What today's layout breaks, one sentence each; empty if it only adds."""
    wrong = []
    structs = {struct.name: struct for struct in today[0]}
    for old in golden[0]:
        new = structs.get(old.name)
        if new is None:
            wrong.append(f'{old.name} is gone')
            continue
        fields = {row[0]: row for row in new.fields}
        for row in old.fields:
            if row[0] not in fields:
                wrong.append(f'{old.name}.{row[0]} is gone')
            elif fields[row[0]] != row:
                wrong.append(f'{old.name}.{row[0]} was (offset {row[1]}, {row[2]} bytes, {row[3]}) and is '
                             f'(offset {fields[row[0]][1]}, {fields[row[0]][2]} bytes, {fields[row[0]][3]})')
        known = {row[0] for row in old.fields}
        for field, offset, _, _ in new.fields:
            # In the padding at the old end, too, an old maker's struct_size would cover it without filling it in.
            if field not in known and offset < old.size:
                wrong.append(f'{old.name}.{field} is new at offset {offset}, inside of the {old.size} bytes that '
                             f'were there: append it')
        if new.size < old.size or (old.name in FROZEN and new.size != old.size):
            wrong.append(f'{old.name} had {old.size} bytes and has {new.size}')
    for name, value in golden[1].items():
        if today[1].get(name) != value:
            wrong.append(f'{name} was {value} and is {today[1].get(name, "gone")}')
    for struct in today[0]:
        wrong += holes(struct)
    return wrong


def main(arguments):
    compiler = os.environ.get('CC', 'cc')
    if len(arguments) == 2 and arguments[0] == 'print':
        with open(arguments[1]) as file:
            minor = re.search(r'^#define FG_ABI_MINOR (\d+)', file.read(), flags=re.M)
        print(as_text(*measured(arguments[1], compiler), minor[1] if minor else 0), end='')
        return 0
    if len(arguments) == 3 and arguments[0] == 'check':
        today = measured(arguments[1], compiler)
        with open(arguments[2]) as file:
            golden = read_golden(file.read())
        wrong = compare(golden, today)
        for sentence in wrong:
            print(f'{arguments[1]}: {sentence}', file=sys.stderr)
        fields = sum(len(struct.fields) for struct in golden[0])
        print(f'{len(golden[0])} structs, {fields} fields, {len(golden[1])} constants compared')
        return 1 if wrong or not fields else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
