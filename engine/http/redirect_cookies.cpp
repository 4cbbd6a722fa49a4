#include "engine/http/redirect_cookies.hpp"

#include <utility>

#include "engine/http/redirect.hpp"

namespace leat::http {

void RedirectCookies::see_status(int status) noexcept {
  if (may_begin_ && is_redirect(status)) begin();
}

// "#" is a comment: it adds no cookie, but it starts the cookie engine at once.
void RedirectCookies::begin() noexcept {
  may_begin_ = false;
  are_kept_ = true;
  easy_.set(CURLOPT_COOKIELIST, "#");
}

void RedirectCookies::forget() noexcept {
  if (std::exchange(are_kept_, false)) easy_.set(CURLOPT_COOKIEFILE, static_cast<char*>(nullptr));
}

void RedirectCookies::take(const RedirectCookies& other) {
  if (!other.are_kept_) return;
  begin();
  const Slist cookies(other.easy_.info<curl_slist*>(CURLINFO_COOKIELIST));
  for (const curl_slist* item = cookies.get(); item != nullptr; item = item->next)
    easy_.set(CURLOPT_COOKIELIST, item->data);
}

}  // namespace leat::http
