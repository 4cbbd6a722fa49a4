#include <array>

#include "pipelines/options/checks.hpp"
#include "pipelines/options/checksum_file.hpp"
#include "pipelines/options/option.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array<std::string_view, 5> kHow{"resume", "skip", "overwrite", "rename", "fail"};

constexpr std::array kRows{
    Option{.name = "output",
           .letter = "o",
           .value = "TEMPLATE",
           .at = kGet,
           .same_run = true,
           .help = "save bodies: 'out/{host}/{name}', a directory, or - to print them"},
    Option{.name = "output-dir",
           .letter = "O",
           .value = "DIR",
           .at = kGet,
           .same_run = true,
           .help = "save bodies as DIR/{name}, or as -o says below DIR"},
    Option{.name = "on-exist",
           .value = "HOW",
           .type = ArgType::word,
           .choices = kHow,
           .standard = "resume",
           .at = kGet,
           .help = "a file is there: resume skip overwrite rename fail"},
    Option{.name = "if-changed",
           .type = ArgType::flag,
           .at = kGet,
           .help = "fetch a file that is there again only if it has changed"},
    Option{.name = "remote-header-name",
           .letter = "J",
           .type = ArgType::flag,
           .at = kGet,
           .argument = "remote-name",
           .help = "take {name} from Content-Disposition, if it has one"},
    Option{.name = "no-remote-time",
           .at = kGet,
           .argument = "remote-time",
           .stands_for = "false",
           .help = "give files the time of their arrival, not that of Last-Modified"},
    Option{.name = "durable",
           .type = ArgType::flag,
           .at = kGet,
           .help = "sync each file to the disk before its result is printed"},
    Option{.name = "exec",
           .value = "CMD",
           .at = kGet,
           .help = "run CMD for each record that is ok, as in 'gzip {filename}'; no shell"},
    Option{.name = "checksums",
           .value = "FILE",
           .type = ArgType::path,
           .check = check_checksum_file,
           .at = kGet | kFetch,
           .same_run = true,
           .help = "compare bodies with the sums in FILE, as sha256sum prints them"},
    Option{.name = "verify",
           .type = ArgType::flag,
           .at = kGet,
           .typed_only = true,
           .help = "compare files that are there with their sums, fetch nothing"},
    Option{.name = "hash",
           .value = "LIST",
           .type = ArgType::list,
           .check = check_digests,
           .at = kGet | kFetch,
           .same_run = true,
           .help = "put sha256, sha1, md5, sha512 of each body into its result"},
};

}  // namespace

std::span<const Option> file_options() noexcept { return kRows; }

}  // namespace leat::pipelines
