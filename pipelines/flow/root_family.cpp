#include "pipelines/flow/root_family.hpp"

#include <utility>

#include "engine/http/message/shown_url.hpp"
#include "engine/http/message/url_parts.hpp"
#include "engine/text/printable.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kShown = 200;  // bytes of a URL or message that the state keeps

}  // namespace

RootFamily::RootFamily(const text::Secrets& secrets, const Record& record, std::uint64_t hash)
    : Family(record.ticket.family()), secrets_(secrets) {
  end_.id = record.id;
  end_.hash = hash;
  if (auto url = http::parse_url(record.request.url.text())) end_.host = std::move(url->host);
}

RootEnd RootFamily::take_end() noexcept {
  end_.outcome = outcome();
  return std::move(end_);
}

void RootFamily::explain(const Record& failed) {
  if (!end_.code.empty() || failed.outcome != Outcome::failed) return;
  end_.code = to_string(failed.error->code);
  end_.url = http::shown_url(hidden(failed.request.url.text()), kShown);
  end_.message = text::printable(hidden(failed.error->message), kShown);
}

bool may_start(const FamilyRef& family) {
  for (Family* one = family.get(); one != nullptr; one = one->outer().get()) {
    if (auto* root = dynamic_cast<RootFamily*>(one)) return root->may_start();
  }
  return true;
}

std::string RootFamily::hidden(std::string text) const {
  secrets_.hide(text);
  return text;
}

}  // namespace leat::pipelines
