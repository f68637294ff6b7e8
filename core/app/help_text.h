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
    "  130  interrupted; the rows so far are written\n";

inline constexpr std::string_view kExamples =
    "Examples:\n"
    "  flowgauge pcap capture.pcap                        the flows of a capture, as a table on a terminal, else as "
    "CSV\n"
    "  flowgauge pcap day.pcapng -f basic -o csv --export-path flows.csv\n"
    "  flowgauge pcap --help                              every option of a run\n"
    "  flowgauge columns                                  every column there is, with unit and meaning\n"
    "  flowgauge profile check my.yaml                    is my profile right?\n";

inline constexpr std::string_view kPcapExamples =
    "Examples:\n"
    "  flowgauge pcap a.pcap b.pcap.gz                    several files are one stream, in the order given\n"
    "  flowgauge pcap captures/ -f cidds --export-path rows.csv.zst\n"
    "                                                     a folder, oldest first; the table is compressed by its name\n"
    "  tcpdump -w - -i eth0 | flowgauge pcap - -o jsonl   from standard input\n"
    "  flowgauge pcap x.pcap -p configs/compat/rustiflow.yaml -f basic\n"
    "                                                     all from a profile but the schema; flags override the "
    "profile\n"
    "  flowgauge pcap x.pcap --filter 'tcp port 443' --idle-timeout 30\n"
    "  flowgauge pcap x.pcap --drop-contaminant-features --report run.json\n"
    "                                                     no addresses, ports or absolute times; and an account of the "
    "run\n"
    "\n"
    "A file is written as PATH.part and renamed when it is complete. Damaged input, a full disk and an interrupt "
    "leave\n"
    "PATH.part behind, with the rows so far.\n";

}  // namespace flowgauge
