"""flowgauge against the oracle on generated or kept captures, many to a call."""
import collections

import harness
from compare import ledger_differences, packets_in, table_differences
from program import read_table
from profiles import VARIANTS

import oracle


def judge_captures(program, captures, variant, profile, threads=1):
    """[(capture, [sentence])] for those that differ, and [(what, sentences)] about the run as a whole."""
    tables, run = program.tables(captures, '--threads', threads, profile=profile)
    if run.code != 0:
        if len(captures) > 1:                                   # which of them?
            halves = captures[:len(captures) // 2], captures[len(captures) // 2:]
            return [found for half in halves for found in judge_captures(program, half, variant, profile, threads)]
        return [(captures[0], [f'exit code {run.code}: {run.messages[-2000:]}'])]
    found, total, packets = [], collections.Counter(), 0
    ignored = collections.Counter()
    for capture, table in zip(captures, tables):
        expected, ledger, errors = oracle.run([capture], VARIANTS[variant])
        total.update(frames_read=ledger['frames_read'], in_flows=ledger['in_flows'])
        ignored.update(ledger['ignored'])
        if errors:
            sentences = [f'the oracle cannot read it: {errors}']
        elif table is None:
            sentences = ['no table']
        else:
            header, rows = read_table(table)
            packets += packets_in(header, rows)
            sentences = table_differences(header, rows, expected)
        if sentences:
            found.append((capture, sentences))
    about_all = ledger_differences(run.report, {'frames_read': total['frames_read'], 'in_flows': total['in_flows'],
                                                'ignored': dict(ignored)}, packets)
    if about_all and not found:
        if len(captures) > 1:
            return [f for capture in captures for f in judge_captures(program, [capture], variant, profile, threads)]
        found.append((captures[0], about_all))
    return found
