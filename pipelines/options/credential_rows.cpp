#include <array>

#include "pipelines/options/choices.hpp"
#include "pipelines/options/option.hpp"
#include "pipelines/options/trusted_origins.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array<std::string_view, 3> kNetrc{"off", "optional", "required"};

// For a switch of curl's that means one way to prove who asks.
constexpr Option way(std::string_view name, std::string_view argument, std::string_view means,
                     std::string_view help) {
  return Option{
      .name = name, .at = kGet, .argument = argument, .stands_for = means, .to_libcurl = true, .help = help};
}

constexpr std::array kRows{
    Option{.name = "user",
           .letter = "u",
           .value = "USER:PASS",
           .secret = Secret::all,
           .at = kGet | kBench | kFetch,
           .help = "authenticate (Basic); without :PASS, -u asks on the terminal"},
    way("basic", "auth", "basic", "with -u: authenticate by Basic (default)"),
    way("digest", "auth", "digest", "with -u: authenticate by Digest"),
    way("ntlm", "auth", "ntlm", "with -u: authenticate by NTLM"),
    way("negotiate", "auth", "negotiate",
        "with -u: authenticate by Negotiate (Kerberos); -u : takes the ticket"),
    way("anyauth", "auth", "any", "with -u: let the server choose how to authenticate"),
    Option{.value = "WAY",
           .type = ArgType::word,
           .choices = kAuthWays,
           .standard = "basic",
           .at = kFetch,
           .argument = "auth",
           .to_libcurl = true,
           .help = "how user= authenticates: basic, digest, ntlm, negotiate or any"},
    Option{.name = "aws-sigv4",
           .value = "P:P:R:S",
           .at = kGet | kFetch,
           .to_libcurl = true,
           .help = "with -u KEY:SECRET: sign by AWS V4, as aws:amz:REGION:SERVICE"},
    Option{.name = "oauth2-bearer",
           .value = "TOKEN",
           .secret = Secret::all,
           .at = kGet | kFetch,
           .argument = "bearer",
           .help = "authenticate by \"Authorization: Bearer TOKEN\""},
    Option{.name = "netrc",
           .at = kGet,
           .stands_for = "required",
           .help = "take credentials by host from ~/.netrc"},
    Option{.name = "netrc-file",
           .value = "FILE",
           .type = ArgType::path,
           .at = kGet | kFetch,
           .help = "take credentials by host from FILE"},
    Option{.name = "netrc-optional",
           .at = kGet,
           .argument = "netrc",
           .stands_for = "optional",
           .help = "as --netrc, but what a URL says counts more"},
    Option{.value = "WORD",
           .type = ArgType::word,
           .choices = kNetrc,
           .standard = "off",
           .at = kFetch,
           .argument = "netrc",
           .help = "take credentials by host from ~/.netrc: off, optional or required"},
    Option{.name = "cookie",
           .letter = "b",
           .value = "DATA|FILE",
           .repeatable = true,
           .secret = Secret::cookies,
           .at = kGet | kFetch,
           .help = "send \"name=value\", or read FILE; keep what servers set"},
    Option{.name = "cookie-jar",
           .letter = "c",
           .value = "FILE",
           .type = ArgType::path,
           .at = kGet | kFetch,
           .help = "write all cookies to FILE at the end"},
    Option{.name = "location-trusted",
           .type = ArgType::flag,
           .at = kGet | kFetch,
           .help = "also send credentials and headers to origins that a server names"},
    Option{.name = "trust",
           .value = "ORIGINS",
           .check = check_origins,
           .repeatable = true,
           .at = kGet | kFetch,
           .help = "also send them to ORIGINS: https://api.example.org"},
};

}  // namespace

std::span<const Option> credential_options() noexcept { return kRows; }

}  // namespace leat::pipelines
