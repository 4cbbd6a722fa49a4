#include "pipelines/flow/root_family.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/http/message/shown_url.hpp"
#include "engine/http/message/url_parts.hpp"
#include "engine/text/printable.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kShown = 200;  // bytes of a URL or message that the state keeps

std::string host_of(const Record& record) {
  auto url = http::parse_url(record.request.url.text());
  return url ? std::move(url->host) : std::string();
}

RootFamily* root_of(const FamilyRef& family) noexcept {
  for (Family* one = family.get(); one != nullptr; one = one->outer().get()) {
    if (auto* root = dynamic_cast<RootFamily*>(one)) return root;
  }
  return nullptr;
}

}  // namespace

RootFamily::RootFamily(const text::Secrets& secrets, const Record& record, std::uint64_t hash)
    : Family(record.ticket.family()), secrets_(secrets) {
  end_.id = record.id;
  end_.hash = hash;
  end_.host = host_of(record);
}

RootEnd RootFamily::take_end() noexcept {
  end_.outcome = outcome();
  // A record of several families is counted in one of them.
  std::uint64_t left = end_.counts[static_cast<std::size_t>(Outcome::failed)];
  for (auto& code : end_.codes) {
    code.second = std::min(code.second, left);
    left -= code.second;
  }
  std::erase_if(end_.codes, [](const auto& code) { return code.second == 0; });
  return std::move(end_);
}

void RootFamily::count(Outcome outcome) noexcept {
  ++end_.counts[static_cast<std::size_t>(outcome)];
  Family::count(outcome);
}

void RootFamily::explain(const Record& failed) {
  if (failed.outcome != Outcome::failed) return;
  if (failed.ticket.held()) {
    const std::string_view code = to_string(failed.error->code);
    const auto at = std::find_if(end_.codes.begin(), end_.codes.end(),
                                 [code](const auto& known) { return known.first == code; });
    if (at != end_.codes.end()) {
      ++at->second;
    } else {
      end_.codes.emplace_back(code, 1);
    }
  }
  if (!end_.code.empty()) return;
  end_.code = to_string(failed.error->code);
  end_.failed_at = host_of(failed);
  end_.url = http::shown_url(hidden(failed.request.url.text()), kShown);
  end_.message = text::printable(hidden(failed.error->message), kShown);
}

bool may_start(const FamilyRef& family) {
  auto* const root = root_of(family);
  return root == nullptr || root->may_start();
}

bool is_at(const FamilyRef& family, std::uint64_t place) {
  const auto* const root = root_of(family);
  return root != nullptr && root->is_at(place);
}

std::size_t part_of(const FamilyRef& family) noexcept {
  const auto* const root = root_of(family);
  return root == nullptr ? 0 : root->part();
}

std::string RootFamily::hidden(std::string text) const {
  secrets_.hide(text);
  return text;
}

}  // namespace leat::pipelines
