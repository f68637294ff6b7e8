// The words of the help that are not an option's own line: examples, notes, related commands, exit codes. Of the
// program and of commands that make rows; of the others: tool_help_text.h.
#pragma once

#include <string_view>

namespace flowgauge {

inline constexpr std::string_view kDescription =
    "Extracts flow features from network packets. Each flow becomes one row. The same packets give the same bytes.";

inline constexpr std::string_view kExitCodes = R"(
Exit codes:
  0    done
  1    the command line or a profile is wrong
  2    a plugin cannot be used, or failed
  3    an input cannot be read or is damaged; the rows up to there are written
  4    the output cannot be written
  5    a privilege is missing
  6    out of memory; the rows so far are written
  130  interrupted; the rows so far are written
)";

inline constexpr std::string_view kExamples = R"(
Examples:
  flowgauge pcap capture.pcap                        the flows of a capture: a table on a terminal, else CSV
  flowgauge pcap day.pcapng -f basic --export-path flows.csv
                                                     the schema basic, into a CSV file
  sudo flowgauge realtime eth0                       the flows of a network interface, until Ctrl-C
  flowgauge summary flows.csv                        what a table holds
  flowgauge columns                                  every column, with its unit and meaning
  flowgauge profile check my.yaml                    whether a profile is right
  flowgauge configure                                edit a profile on the screen; flowgauge alone does the same

'flowgauge COMMAND --help' prints the options, examples and exit codes of a command.
)";

inline constexpr std::string_view kPcapExamples = R"(
Examples:
  flowgauge pcap a.pcap b.pcap.gz                    several files are one stream, in the order given
  flowgauge pcap captures/ -f cidds --export-path rows.csv.zst
                                                     a folder, oldest file first; the table is compressed
  tcpdump -w - -i eth0 | flowgauge pcap - -o jsonl   from standard input
  flowgauge pcap -- -odd-name.pcap                   behind -- no word is an option; so it is for every command
  flowgauge pcap x.pcap -p compat/rustiflow -f basic
                                                     all from a profile but the schema; options override the profile
  flowgauge pcap x.pcap --filter 'tcp port 443' --idle-timeout 30
                                                     only HTTPS over TCP; a pause of 30 s ends a flow
  flowgauge pcap x.pcap --partitions 0-127 --order-columns --export-path half.csv
                                                     half of the flows, for flowgauge merge
  flowgauge pcap mirror.pcap --flow-key no_vlan      one row where only one direction has a VLAN tag
  flowgauge pcap x.pcap --set output.time_decimals=shortest --set 'contamination=[port, os]'
                                                     any key of a profile, with a value as in a profile
  flowgauge pcap x.pcap --drop-contaminant-features --report run.json
                                                     no addresses, ports or absolute times; with a report of the run

Rows that go to a pipe or a terminal are written within 0.2 s after their flows end. Two things wait longer: what a
compressor gathers, and the first 50 rows of an aligned table that does not go to a terminal.

A file is written as PATH.part and renamed when it is complete. After damaged input, a full disk or an interrupt,
PATH.part remains with the rows so far.

See also: flowgauge summary, flowgauge columns, flowgauge profile check, flowgauge merge
)";

inline constexpr std::string_view kRealtimeExamples = R"(
Examples:
  sudo flowgauge realtime eth0                       the flows of an interface, until Ctrl-C
  flowgauge realtime eth0 -p cic --export-path flows.csv --duration 1h
                                                     the same columns as from files, for an hour
  flowgauge realtime eth0 eth1 --merge-interfaces -o jsonl --stats-interval 10
                                                     two interfaces, and a line of counters every 10 s
  flowgauge realtime mirror0 --ingress-only --rings 8 --ring-size 64MiB
                                                     a busy mirror port on 8 cores
  flowgauge realtime eth0 --capture pcap --filter 'tcp port 443'
                                                     through libpcap, which knows filters

Ctrl-C, SIGTERM, --duration and --max-packets end a run in order: every flow is written, and files get their names.
A second Ctrl-C stops at once.

See also: flowgauge doctor says what this host allows, flowgauge summary describes the table
)";

inline constexpr std::string_view kEventsExamples = R"(
Examples:
  flowgauge events a.pcap b.pcap --out job           both captures of a job, on this machine
  flowgauge events b.pcap --out job --file-number 2 --file-count 2
                                                     the second of two captures, as a task of its own
  flowgauge flows job --partitions 0-127 --order-columns --export-path a.csv
                                                     half of the flows of all captures of the job

Each capture is one task, on any machine that has access to DIR. The numbers say in which order the captures are one
stream. All tasks, and flowgauge flows, need the same profile and options. A task that failed is run again with the
same command. Its event file gets its name DIR/NNNNNN.events when it is complete, and replaces an older one.

See also: flowgauge flows, flowgauge merge
)";

inline constexpr std::string_view kEventsExitCodes = R"(
Exit codes:
  0    done
  1    the command line or a profile is wrong
  2    a plugin cannot be used
  3    a capture is damaged: its event file holds what is before the damage, and the job can go on;
       or a capture cannot be read: it has no event file
  4    an event file cannot be written
  6    out of memory
  130  interrupted; complete event files stay
)";

inline constexpr std::string_view kFlowsExamples = R"(
Examples:
  flowgauge flows job --partitions 0-127 --order-columns --export-path a.csv
                                                     half of the flows, as a task of its own
  flowgauge flows job --partitions 128-255 --order-columns --export-path b.csv
                                                     the other half
  flowgauge merge a.csv b.csv -o flows.csv           the bytes of one run over all captures of the job

Each command is a task of its own, on any machine that has access to DIR. A task that died is run again with --force.

See also: flowgauge events, flowgauge merge
)";

inline constexpr std::string_view kMergeExamples = R"(
Examples:
  flowgauge pcap x.pcap --partitions 0-127 --order-columns --export-path a.csv
                                                     half of the flows
  flowgauge pcap x.pcap --partitions 128-255 --order-columns --export-path b.csv
                                                     the other half
  flowgauge merge a.csv b.csv -o x.csv               the bytes of flowgauge pcap x.pcap --export-path x.csv

The runs may take place on several machines at once. Each reads the whole capture and keeps the flows of its
partitions.

See also: flowgauge pcap, flowgauge flows
)";

inline constexpr std::string_view kMergeExitCodes = R"(
Exit codes:
  0    done
  1    the command line is wrong, or the output would overwrite an input
  3    a table cannot be read, has other columns, has no order columns, or its rows are out of order;
       the rows before that are in PATH.part
  4    the output cannot be written
  130  interrupted; the rows so far are in PATH.part
)";

inline constexpr std::string_view kSummaryExamples = R"(
Examples:
  flowgauge summary flows.csv                        rows, time span, protocols, services, columns, suspicious points
  flowgauge summary flows-1.csv.gz flows-2.csv.gz    the files of one table together
  flowgauge summary flows.csv --html flows.html      a page with plots, in one file
  flowgauge pcap x.pcap -f cic -o csv | flowgauge summary -
                                                     from standard input
  flowgauge summary flows.csv --report run.json --json
                                                     for programs, with what the run report knows of the frames

The table is read once, in little memory. Medians and quantiles are within 0.8 %. Of a column with many different
texts, the first 4,096 are counted. The command knows the column names of flowgauge and of common data sets.

See also: flowgauge pcap --report, flowgauge pcap --metadata
)";

inline constexpr std::string_view kSummaryExitCodes = R"(
Exit codes:
  0    done, even if something is suspicious
  1    the command line is wrong, or the page would overwrite a table
  3    a table cannot be read, is damaged or is cut off; the summary is of the rows before that
  4    the page cannot be written
  130  interrupted; the summary is of the rows so far
)";

}  // namespace flowgauge
