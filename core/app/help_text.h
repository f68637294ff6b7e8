// The words of the help that are not an option's own line: examples and exit codes.
#pragma once

#include <string_view>

namespace flowgauge {

inline constexpr std::string_view kDescription =
    "Turns network packets into flow feature rows: one row per flow, exact, the same bytes on every run.";

inline constexpr std::string_view kExitCodes =
    "Exit codes:\n"
    "  0    done\n"
    "  1    the command line or a profile is wrong\n"
    "  2    a plugin cannot be used, or failed\n"
    "  3    an input cannot be read or is damaged; the rows up to there are written\n"
    "  4    the output cannot be written\n"
    "  5    a privilege is missing\n"
    "  6    out of memory; the rows so far are written\n"
    "  130  interrupted; the rows so far are written\n";

inline constexpr std::string_view kExamples =
    "Examples:\n"
    "  flowgauge pcap capture.pcap                        the flows of a capture, as a table on a terminal, else as "
    "CSV\n"
    "  flowgauge pcap day.pcapng -f basic -o csv --export-path flows.csv\n"
    "  flowgauge realtime eth0                            the flows of a network interface\n"
    "  flowgauge pcap --help                              every option of a run\n"
    "  flowgauge columns                                  every column there is, with unit and meaning\n"
    "  flowgauge profile check my.yaml                    is my profile right?\n"
    "  flowgauge configure                                make a profile on the screen; flowgauge alone does the "
    "same\n";

inline constexpr std::string_view kEventsExamples =
    "Examples:\n"
    "  flowgauge events a.pcap b.pcap --out job           both captures of a job, on this machine\n"
    "  flowgauge events b.pcap --out job --file-number 2 --file-count 2\n"
    "                                                     the second of two, a task of its own\n"
    "  flowgauge flows job --partitions 0-127 --order-columns --export-path a.csv\n"
    "                                                     half of the flows of all captures of the job\n"
    "\n"
    "Each capture is one task, on any machine that sees DIR. The numbers say in which order the captures are one\n"
    "stream. Give all tasks, and flowgauge flows, the same profile and flags. A task that failed is run again as it\n"
    "was: its event file has its name DIR/NNNNNN.events once it is whole, and an older one is replaced.\n";

inline constexpr std::string_view kEventsExitCodes =
    "Exit codes:\n"
    "  0    done\n"
    "  1    the command line or a profile is wrong\n"
    "  2    a plugin cannot be used\n"
    "  3    a capture is damaged: its event file has what is before the damage, and the job can go on; or it cannot\n"
    "       be read at all: it has no event file\n"
    "  4    an event file cannot be written\n"
    "  6    out of memory\n"
    "  130  interrupted: event files that are whole stay\n";

inline constexpr std::string_view kFlowsExamples =
    "Examples:\n"
    "  flowgauge flows job --partitions 0-127 --order-columns --export-path a.csv\n"
    "  flowgauge flows job --partitions 128-255 --order-columns --export-path b.csv\n"
    "  flowgauge merge a.csv b.csv -o flows.csv           the bytes of one run over all captures of the job\n"
    "\n"
    "Each is a task of its own, on any machine that sees DIR. One that died is run again with --force.\n";

inline constexpr std::string_view kMergeExamples =
    "Examples:\n"
    "  flowgauge pcap x.pcap --partitions 0-127 --order-columns --export-path a.csv\n"
    "  flowgauge pcap x.pcap --partitions 128-255 --order-columns --export-path b.csv\n"
    "  flowgauge merge a.csv b.csv -o x.csv               the bytes of flowgauge pcap x.pcap --export-path x.csv\n"
    "\n"
    "The runs may be on several machines, at once. Each reads the whole capture, and keeps the flows of its "
    "partitions.\n";

inline constexpr std::string_view kMergeExitCodes =
    "Exit codes:\n"
    "  0    done\n"
    "  1    the command line is wrong, or the output would be written over an input\n"
    "  3    a table cannot be read, has other columns, has no order columns, or its rows are out of order;\n"
    "       the rows before that are in PATH.part\n"
    "  4    the output cannot be written\n"
    "  130  interrupted; the rows so far are in PATH.part\n";

inline constexpr std::string_view kSummaryExamples =
    "Examples:\n"
    "  flowgauge summary flows.csv                        rows, span, protocols, services, columns, what is "
    "suspicious\n"
    "  flowgauge summary flows-*.csv.gz                   the files of one table together\n"
    "  flowgauge summary flows.csv --html flows.html      and a page with plots, whole in one file\n"
    "  flowgauge pcap x.pcap -f cic -o csv | flowgauge summary -\n"
    "  flowgauge summary flows.csv --report run.json --json\n"
    "                                                     for programs, with what the run report knows of the frames\n"
    "\n"
    "The table is read once, in little memory: medians and quantiles are within 0.8 %, and of many different texts "
    "the\n"
    "first 4,096 are counted. Names of columns are known of flowgauge's tables and those of common data sets.\n";

inline constexpr std::string_view kSummaryExitCodes =
    "Exit codes:\n"
    "  0    done, whatever is suspicious\n"
    "  1    the command line is wrong, or the page would be written over a table\n"
    "  3    a table cannot be read, or is damaged or cut; what is printed is of the rows before that\n"
    "  4    the page cannot be written\n"
    "  130  interrupted; what is printed is of the rows so far\n";

inline constexpr std::string_view kColumnsExamples =
    "Examples:\n"
    "  flowgauge columns                                  every column that a schema or profile may use\n"
    "  flowgauge columns --contamination                  what each of them reveals, and why\n"
    "  flowgauge columns --plugin-dir build/plugins       those of plugins of your own too\n";

inline constexpr std::string_view kProfileExamples =
    "Examples:\n"
    "  flowgauge profile check mine.yaml                  is it right, and what does it amount to?\n"
    "  flowgauge profile check compat/rustiflow           a profile that comes with flowgauge, by its name\n"
    "  flowgauge profile check basic --set flow.linger=1s\n"
    "                                                     with a key set as the command line of a run sets it\n";

inline constexpr std::string_view kProfileExplainExamples =  // without a heading
    "  flowgauge profile explain mine.yaml                what is each key, who set it, and what does it do?\n"
    "  flowgauge profile explain mine.yaml flow.linger    one of them, in full\n";

inline constexpr std::string_view kConfigureExamples =
    "Examples:\n"
    "  flowgauge configure                                a new profile; flowgauge alone on a terminal does the same\n"
    "  flowgauge configure mine.yaml                      change one, with each mistake under its key\n"
    "\n"
    "Tab goes from section to section, Enter changes what the cursor is on, s saves, r saves and runs, ? shows all\n"
    "keys. The run takes the place of the editor in the same terminal, and its command line is shown.\n";

inline constexpr std::string_view kConfigureExitCodes =
    "Exit codes:\n"
    "  0    left with q; with r the codes of the run\n"
    "  1    this is no terminal, or it cannot show a screen\n"
    "  130  ended by a signal: what was not saved is in NAME.unsaved.yaml\n";

inline constexpr std::string_view kRealtimeExamples =
    "Examples:\n"
    "  sudo flowgauge realtime eth0                       the flows of an interface, until Ctrl-C\n"
    "  flowgauge realtime eth0 -p cic --export-path flows.csv --duration 1h\n"
    "                                                     the same columns as from files, for an hour\n"
    "  flowgauge realtime eth0 eth1 --merge-interfaces -o jsonl --stats-interval 10\n"
    "                                                     two interfaces, and a line of counters each 10 s\n"
    "  flowgauge realtime mirror0 --ingress-only --rings 8 --ring-size 64MiB\n"
    "                                                     a busy mirror port on 8 cores\n"
    "  flowgauge realtime eth0 --capture pcap --filter 'tcp port 443'\n"
    "                                                     through libpcap, which knows filters\n"
    "\n"
    "Ctrl-C, SIGTERM, --duration and --max-packets end a run well: every flow is written, files get their\n"
    "names. A second Ctrl-C stops at once. `flowgauge doctor` says what this machine allows.\n";

inline constexpr std::string_view kPcapExamples =
    "Examples:\n"
    "  flowgauge pcap a.pcap b.pcap.gz                    several files are one stream, in the order given\n"
    "  flowgauge pcap captures/ -f cidds --export-path rows.csv.zst\n"
    "                                                     a folder, oldest first; the table is compressed by its name\n"
    "  tcpdump -w - -i eth0 | flowgauge pcap - -o jsonl   from standard input\n"
    "  flowgauge pcap -- -odd-name.pcap                   behind -- nothing is an option; of every command\n"
    "  flowgauge pcap x.pcap -p configs/compat/rustiflow.yaml -f basic\n"
    "                                                     all from a profile but the schema; flags override the "
    "profile\n"
    "  flowgauge pcap x.pcap --filter 'tcp port 443' --idle-timeout 30\n"
    "  flowgauge pcap x.pcap --partitions 0-127 --order-columns --export-path half.csv\n"
    "                                                     half of the flows, to be merged\n"
    "  flowgauge pcap mirror.pcap --flow-key no_vlan      one row where only one direction carries a VLAN tag\n"
    "  flowgauge pcap x.pcap --set output.time_decimals=shortest --set 'contamination=[port, os]'\n"
    "                                                     any key of a profile, with the value that a profile has "
    "there\n"
    "  flowgauge pcap x.pcap --drop-contaminant-features --report run.json\n"
    "                                                     no addresses, ports or absolute times; and an account of the "
    "run\n"
    "\n"
    "From a pipe or a terminal, rows come as soon as their flows end: nothing is kept back for longer than 0.2 s, but "
    "what\n"
    "compression gathers and the first 50 rows of an aligned table that goes elsewhere than to a terminal.\n"
    "\n"
    "A file is written as PATH.part and renamed when it is complete. Damaged input, a full disk and an interrupt "
    "leave\n"
    "PATH.part behind, with the rows so far.\n";

}  // namespace flowgauge
