#include <array>
#include <optional>
#include <string>
#include <utility>

#include "engine/http/message/protocols.hpp"
#include "engine/http/message/url.hpp"
#include "pipelines/options/choices.hpp"
#include "pipelines/options/option.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array<std::string_view, 2> kFamilies{"4", "6"};
constexpr std::array<std::string_view, 2> kVersions{"1.1", "2"};

// For a switch of curl's that means one way to authenticate to the proxy.
constexpr Option way(std::string_view name, std::string_view means, std::string_view help) {
  return Option{.name = name,
                .at = kGet,
                .argument = "proxy-auth",
                .stands_for = means,
                .to_libcurl = true,
                .help = help};
}

std::optional<TextFault> check_proto(const std::string& text) {
  if (!http::allowed_schemes(text).empty()) return std::nullopt;
  return TextFault{0, "leaves neither http nor https; takes a list such as =https"};
}

std::optional<TextFault> check_field(const std::string& text) {
  if (auto error = http::check_header(text)) return TextFault{0, std::move(error->message)};
  return std::nullopt;
}

constexpr std::array kRows{
    Option{.name = "proxy",
           .letter = "x",
           .value = "URL",
           .secret = Secret::url,
           .at = kGet | kBench | kFetch,
           .help = "use this proxy: http, https, socks4, socks4a, socks5 or socks5h"},
    Option{.name = "proxy-user",
           .letter = "U",
           .value = "USER:PASS",
           .secret = Secret::all,
           .at = kGet | kFetch,
           .help = "authenticate to the proxy (Basic)"},
    way("proxy-basic", "basic", "with -U: authenticate to the proxy by Basic (default)"),
    way("proxy-digest", "digest", "with -U: authenticate to the proxy by Digest"),
    way("proxy-ntlm", "ntlm", "with -U: authenticate to the proxy by NTLM"),
    way("proxy-negotiate", "negotiate", "with -U: authenticate to the proxy by Negotiate"),
    way("proxy-anyauth", "any", "with -U: let the proxy choose how to authenticate"),
    Option{.value = "WAY",
           .type = ArgType::word,
           .choices = kAuthWays,
           .standard = "basic",
           .at = kFetch,
           .argument = "proxy-auth",
           .to_libcurl = true,
           .help = "how proxy-user= authenticates: basic, digest, ntlm, negotiate or any"},
    Option{.name = "proxy-header",
           .value = "LINE",
           .type = ArgType::header,
           .check = check_field,
           .repeatable = true,
           .secret = Secret::header,
           .at = kGet | kFetch,
           .to_libcurl = true,
           .help = "add the header \"Name: value\" to what the proxy is asked"},
    Option{.name = "proxytunnel",
           .letter = "p",
           .type = ArgType::flag,
           .at = kGet | kFetch,
           .to_libcurl = true,
           .help = "have the proxy tunnel http as well, by CONNECT"},
    Option{.name = "noproxy",
           .value = "HOSTS",
           .at = kGet | kFetch,
           .help = "connect to these hosts without the proxy: a,b or * for all"},
    Option{.name = "proxy-insecure",
           .type = ArgType::flag,
           .at = kGet | kFetch,
           .help = "accept any certificate of an https proxy"},
    Option{.name = "resolve",
           .value = "H:P:ADDR",
           .repeatable = true,
           .at = kGet | kBench | kFetch,
           .help = "use ADDR[,ADDR] as the address of host H at port P"},
    Option{.name = "connect-to",
           .value = "H:P:H2:P2",
           .repeatable = true,
           .at = kGet | kBench | kFetch,
           .help = "connect to H2:P2 in place of H:P"},
    Option{.name = "unix-socket",
           .value = "FILE",
           .type = ArgType::path,
           .at = kGet | kBench | kFetch,
           .help = "connect to this Unix socket"},
    Option{.name = "interface",
           .value = "NAME",
           .at = kGet | kFetch,
           .to_libcurl = true,
           .help = "connect from this interface or address of the machine"},
    Option{.name = "ipv4",
           .letter = "4",
           .at = kGet | kBench,
           .argument = "ip",
           .stands_for = "4",
           .help = "use IPv4 addresses only"},
    Option{.name = "ipv6",
           .letter = "6",
           .at = kGet | kBench,
           .argument = "ip",
           .stands_for = "6",
           .help = "use IPv6 addresses only"},
    Option{.value = "4|6",
           .type = ArgType::word,
           .choices = kFamilies,
           .at = kFetch,
           .argument = "ip",
           .help = "use addresses of that family only"},
    Option{.name = "proto",
           .value = "LIST",
           .check = check_proto,
           .at = kGet | kFetch,
           .to_libcurl = true,
           .help = "use these protocols only, of http and https: =https"},
    Option{.name = "block-private",
           .type = ArgType::flag,
           .at = kGet | kFetch,
           .help = "refuse private, loopback and link-local addresses"},
    Option{.name = "http2",
           .at = kGet,
           .argument = "http",
           .stands_for = "2",
           .help = "use HTTP/2 where a TLS server agrees"},
    Option{.name = "http1.1",
           .at = kGet,
           .argument = "http",
           .stands_for = "1.1",
           .help = "use HTTP/1.1 (default)"},
    Option{.value = "1.1|2",
           .type = ArgType::word,
           .choices = kVersions,
           .standard = "1.1",
           .at = kFetch,
           .argument = "http",
           .help = "2: use HTTP/2 where a TLS server agrees"},
};

}  // namespace

std::span<const Option> way_options() noexcept { return kRows; }

}  // namespace leat::pipelines
