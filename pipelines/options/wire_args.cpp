#include "pipelines/options/wire_args.hpp"

#include <string>
#include <type_traits>
#include <utility>

namespace leat::pipelines {

namespace {

using Wire = http::WireOptions;

// What is a member, by its key: what binds and what prints go through this list.
template <class Options, class Visit>
void each_member(Options& wire, const Visit& visit) {
  visit("cookie", wire.cookies);
  visit("cookie-jar", wire.cookie_jar);
  visit("netrc-file", wire.netrc_file);
  visit("proxy", wire.proxy);
  visit("proxy-user", wire.proxy_user);
  visit("noproxy", wire.noproxy);
  visit("proxy-insecure", wire.proxy_insecure);
  visit("cert", wire.cert);
  visit("key", wire.key);
  visit("pass", wire.key_password);
  visit("cacert", wire.ca_file);
  visit("capath", wire.ca_path);
  visit("pinnedpubkey", wire.pinned_key);
  visit("resolve", wire.resolve);
  visit("connect-to", wire.connect_to);
  visit("interface", wire.interface);
  visit("unix-socket", wire.unix_socket);
  visit("compressed", wire.compressed);
  visit("block-private", wire.block_private);
}

// The same for those of a few words, the words in the order of the enum from `first` on.
template <class Options, class Visit>
void each_choice(Options& wire, const Visit& visit) {
  visit("netrc", wire.netrc, kNetrcUses, Wire::Netrc::off);
  visit("ip", wire.ip, kIpFamilies, Wire::Ip::v4);
  visit("http", wire.http, kHttpVersions, Wire::Http::v1_1);
  visit("tls", wire.tls, kTlsVersions, Wire::Tls::v1_2);
}

}  // namespace

void bind_wire(const ArgReader& args, http::ClientOptions& client) {
  Wire& wire = client.wire;
  each_member(wire, [&args]<class Member>(const char* key, Member& member) {
    if constexpr (std::is_same_v<Member, std::vector<std::string>>) {
      member = args.texts(key);
    } else {
      args.read(key, member);
    }
  });
  if (!wire.netrc_file.empty()) wire.netrc = Wire::Netrc::required;
  each_choice(wire, [&args](const char* key, auto& member, const auto& words, auto first) {
    std::string word;
    args.read(key, word);
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (word == words[i]) member = static_cast<decltype(first)>(static_cast<std::size_t>(first) + i);
    }
  });
  std::string text;
  args.read("bearer", text);
  if (!text.empty()) client.headers.push_back("Authorization: Bearer " + std::exchange(text, ""));
  args.read("referer", text);
  if (!text.empty()) client.headers.push_back("Referer: " + text);
}

std::vector<WrittenArg> write_wire(const http::ClientOptions& client) {
  std::vector<WrittenArg> written;
  each_member(client.wire, [&written](const char* key, const auto& member) {
    written.push_back({key, values_of(member)});
  });
  each_choice(client.wire, [&written](const char* key, const auto& member, const auto& words, auto first) {
    const auto index = static_cast<std::size_t>(member) - static_cast<std::size_t>(first);  // wraps below it
    written.push_back({key, {}});
    if (index < words.size()) written.back().values.push_back(word_value(std::string(words[index])));
  });
  return written;
}

}  // namespace leat::pipelines
