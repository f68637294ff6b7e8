"""Every block of C++ in docs/writing-a-feature.md stands, line for line, in a file of the example project."""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.join(HERE, 'project')
PAGE = os.path.join(HERE, '..', '..', 'docs', 'writing-a-feature.md')


def main():
    with open(PAGE) as file:
        blocks = re.findall(r'^```cpp\n(.*?)^```$', file.read(), flags=re.M | re.S)
    sources = []
    for name in sorted(os.listdir(PROJECT)):
        with open(os.path.join(PROJECT, name)) as file:
            sources.append(file.read())
    strange = [block for block in blocks if not any(block in source for source in sources)]
    for block in strange:
        print(f'in no file of {PROJECT}:\n{block}', file=sys.stderr)
    print(f'{len(blocks)} blocks compared')
    return 1 if strange or not blocks else 0


if __name__ == '__main__':
    sys.exit(main())
