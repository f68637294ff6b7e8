"""The program `flowgauge` of this package."""
import os
import sys

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'bin', 'flowgauge')


def main():
    os.execv(PATH, ['flowgauge', *sys.argv[1:]])
