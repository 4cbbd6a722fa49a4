#include "engine/http/message/shown_url.hpp"

#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"

namespace leat::http {

// Nothing is cut off before all userinfo is: an '@' beyond the limit says that what is before it is secret.
std::string shown_url(std::string_view text, std::size_t limit) {
  const std::string first = without_userinfo(text);
  std::string shown;
  for (const auto url : text::split(first, '\t')) {
    if (!shown.empty()) shown += '\t';
    shown += without_userinfo(url);
  }
  return text::printable(shown, limit);
}

}  // namespace leat::http
