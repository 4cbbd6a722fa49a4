#pragma once

#include <array>
#include <vector>

#include "engine/http/client.hpp"
#include "pipelines/options/arg_reader.hpp"
#include "pipelines/options/arg_text.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

inline constexpr std::size_t kWireArgs = 25;

/// What fetch takes of proxies, TLS, addresses, protocol and cookies: http::WireOptions.
inline constexpr std::array<std::string_view, 2> kIpFamilies{"4", "6"};
inline constexpr std::array<std::string_view, 2> kHttpVersions{"1.1", "2"};
inline constexpr std::array<std::string_view, 2> kTlsVersions{"1.2", "1.3"};
inline constexpr std::array<std::string_view, 3> kNetrcUses{"off", "optional", "required"};

inline constexpr std::array<ArgRow, kWireArgs> kWireRows{
    ArgRow{.key = "bearer",
           .name = "TOKEN",
           .type = ArgType::text,
           .help = "authenticate by that token; secret:NAME keeps it out of sight"},
    ArgRow{.key = "referer", .name = "URL", .type = ArgType::text, .help = "where the request comes from"},
    ArgRow{.key = "cookie",
           .name = "DATA|FILE",
           .type = ArgType::text,
           .help = "\"name=value; …\" to send, or a file of cookies; any keeps what servers set",
           .repeatable = true},
    ArgRow{.key = "cookie-jar",
           .name = "FILE",
           .type = ArgType::path,
           .help = "where cookies are written at the end"},
    ArgRow{.key = "netrc",
           .name = "WORD",
           .type = ArgType::word,
           .help = "credentials by host from ~/.netrc: off, optional or required (default off)",
           .choices = kNetrcUses},
    ArgRow{.key = "netrc-file", .name = "FILE", .type = ArgType::path, .help = "the same from that file"},
    ArgRow{.key = "proxy",
           .name = "URL",
           .type = ArgType::text,
           .help = "http, https, socks4, socks4a, socks5 or socks5h (default as the environment says)"},
    ArgRow{.key = "proxy-user",
           .name = "USER:PASS",
           .type = ArgType::text,
           .help = "authenticate to the proxy (Basic)"},
    ArgRow{.key = "noproxy",
           .name = "HOSTS",
           .type = ArgType::text,
           .help = "hosts that need no proxy: a,b or *"},
    ArgRow{.key = "proxy-insecure",
           .name = "BOOL",
           .type = ArgType::flag,
           .help = "any certificate of an https proxy will do (default false)"},
    ArgRow{.key = "cert", .name = "FILE[:PASS]", .type = ArgType::text, .help = "the client's certificate"},
    ArgRow{.key = "key", .name = "FILE", .type = ArgType::path, .help = "its key (default in cert)"},
    ArgRow{.key = "pass", .name = "PASS", .type = ArgType::text, .help = "the key's pass phrase"},
    ArgRow{.key = "cacert",
           .name = "FILE",
           .type = ArgType::path,
           .help = "certificates that servers are trusted by (default the system's)"},
    ArgRow{.key = "capath", .name = "DIR", .type = ArgType::path, .help = "more of them, by their hashes"},
    ArgRow{.key = "pinnedpubkey",
           .name = "PIN",
           .type = ArgType::text,
           .help = "the server's public key: a file, or sha256//BASE64;…"},
    ArgRow{.key = "resolve",
           .name = "HOST:PORT:ADDR",
           .type = ArgType::text,
           .help = "the addresses of a host",
           .repeatable = true},
    ArgRow{.key = "connect-to",
           .name = "H1:P1:H2:P2",
           .type = ArgType::text,
           .help = "connect to another host in place of one",
           .repeatable = true},
    ArgRow{.key = "interface",
           .name = "NAME",
           .type = ArgType::text,
           .help = "an interface or address of this machine"},
    ArgRow{.key = "ip",
           .name = "4|6",
           .type = ArgType::word,
           .help = "only addresses of that family",
           .choices = kIpFamilies},
    ArgRow{.key = "unix-socket", .name = "FILE", .type = ArgType::path, .help = "connect to that socket"},
    ArgRow{.key = "compressed",
           .name = "BOOL",
           .type = ArgType::flag,
           .help = "ask for gzip, deflate, br or zstd, and decode it (default false)"},
    ArgRow{.key = "http",
           .name = "1.1|2",
           .type = ArgType::word,
           .help = "2: HTTP/2 where a TLS server agrees (default 1.1)",
           .choices = kHttpVersions},
    ArgRow{.key = "tls",
           .name = "1.2|1.3",
           .type = ArgType::word,
           .help = "at least that version (default 1.2)",
           .choices = kTlsVersions},
    ArgRow{.key = "block-private",
           .name = "BOOL",
           .type = ArgType::flag,
           .help = "refuse private, loopback and link-local addresses (default false)"},
};

void bind_wire(const ArgReader& args, http::ClientOptions& client);

/// All of them, each argument whether it is the default or not; `bind_wire` the other way round.
[[nodiscard]] std::vector<WrittenArg> write_wire(const http::ClientOptions& client);

}  // namespace leat::pipelines
