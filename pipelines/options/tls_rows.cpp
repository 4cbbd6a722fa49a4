#include <array>

#include "pipelines/options/option.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array<std::string_view, 2> kVersions{"1.2", "1.3"};

constexpr std::array kRows{
    Option{.name = "insecure",
           .letter = "k",
           .type = ArgType::flag,
           .at = kGet | kBench | kFetch,
           .help = "accept any TLS certificate"},
    Option{.name = "cacert",
           .value = "FILE",
           .type = ArgType::path,
           .at = kGet | kBench | kFetch,
           .help = "trust the certificates in FILE (default the system's)"},
    Option{.name = "capath",
           .value = "DIR",
           .type = ArgType::path,
           .at = kGet | kFetch,
           .help = "also trust the certificates in DIR, named by their hashes"},
    Option{.name = "cert",
           .letter = "E",
           .value = "FILE[:PASS]",
           .secret = Secret::pass,
           .at = kGet | kBench | kFetch,
           .help = "show the server this certificate"},
    Option{.name = "key",
           .value = "FILE",
           .type = ArgType::path,
           .at = kGet | kBench | kFetch,
           .help = "take the certificate's key from FILE (default from its own file)"},
    Option{.name = "pass",
           .value = "PASS",
           .secret = Secret::all,
           .at = kGet | kBench | kFetch,
           .help = "open the key by PASS"},
    Option{.name = "pinnedpubkey",
           .value = "PIN",
           .at = kGet | kFetch,
           .help = "accept only this public key: a file, or sha256//BASE64"},
    Option{.name = "tlsv1.2",
           .at = kGet,
           .argument = "tls",
           .stands_for = "1.2",
           .help = "use TLS 1.2 or later (default)"},
    Option{.name = "tlsv1.3",
           .at = kGet,
           .argument = "tls",
           .stands_for = "1.3",
           .help = "use TLS 1.3 or later"},
    Option{.value = "1.2|1.3",
           .type = ArgType::word,
           .choices = kVersions,
           .standard = "1.2",
           .at = kFetch,
           .argument = "tls",
           .help = "use at least that version of TLS"},
};

}  // namespace

std::span<const Option> tls_options() noexcept { return kRows; }

}  // namespace leat::pipelines
