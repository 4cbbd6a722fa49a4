#include "engine/http/message/ascii_host.hpp"

#include <idn2.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

struct Idn2Free {
  void operator()(std::uint8_t* text) const noexcept { idn2_free(text); }
};

// Gives an empty text if it can't be a name. This asks libidn2 itself, because libcurl 7.88 asks it in the
// encoding of the thread's locale, and leaks what it has if the name is not valid.
// Names that only the older rules allow, such as those with signs, exist, and curl and browsers take them.
std::string ascii_name(const std::string& name) {
  std::uint8_t* raw = nullptr;
  const auto* utf8 = reinterpret_cast<const std::uint8_t*>(name.c_str());
  if (idn2_lookup_u8(utf8, &raw, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK &&
      idn2_lookup_u8(utf8, &raw, IDN2_TRANSITIONAL) != IDN2_OK) {
    return "";
  }
  const std::unique_ptr<std::uint8_t, Idn2Free> text(raw);
  std::string made(reinterpret_cast<const char*>(text.get()));
  return text::is_ascii(made) ? made : "";
}

}  // namespace

Status make_host_ascii(Url& url) {
  if (url.is_ascii() || text::is_ascii(url.host())) return std::nullopt;
  const std::string name = ascii_name(std::string(url.host()));
  if (name.empty()) return Error(Errc::bad_url, "the host is no name that can be written in ASCII (IDNA)");
  const std::string_view text = url.text();
  const auto host_at = url.places().host;
  url =
      Url(std::string(text.substr(0, host_at)).append(name).append(text.substr(host_at + url.host().size())));
  return std::nullopt;
}

}  // namespace leat::http
