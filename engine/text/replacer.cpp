#include "engine/text/replacer.hpp"

#include <algorithm>

namespace leat::text {

bool replace_all(std::string& text, std::string_view what, std::string_view by) {
  bool found = false;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
    found = true;
  }
  return found;
}

Replacer::Replacer(std::vector<std::pair<std::string, std::string>> pairs) : pairs_(std::move(pairs)) {
  std::erase_if(pairs_, [](const Pair& pair) { return pair.first.empty(); });
  std::stable_sort(pairs_.begin(), pairs_.end(),
                   [](const Pair& a, const Pair& b) { return a.first.size() > b.first.size(); });
  for (const auto& pair : pairs_) firsts_.set(static_cast<unsigned char>(pair.first.front()));
}

const Replacer::Pair* Replacer::match(std::string_view rest) const noexcept {
  const auto found = std::find_if(pairs_.begin(), pairs_.end(),
                                  [rest](const Pair& pair) { return rest.starts_with(pair.first); });
  return found == pairs_.end() ? nullptr : &*found;
}

// More of it may come.
bool Replacer::may_begin(std::string_view rest) const noexcept {
  return std::any_of(pairs_.begin(), pairs_.end(), [rest](const Pair& pair) {
    return rest.size() < pair.first.size() && std::string_view(pair.first).starts_with(rest);
  });
}

std::string Replacer::apply(std::string_view text) const {
  std::string held;
  return apply_piece(held, text, true);
}

std::string Replacer::apply_piece(std::string& held, std::string_view piece, bool is_last) const {
  held.append(piece);
  const std::string text = std::exchange(held, std::string());
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!firsts_[static_cast<unsigned char>(text[at])]) {
      ++at;
      continue;
    }
    const auto rest = std::string_view(text).substr(at);
    if (!is_last && may_begin(rest)) {
      held = rest;
      return out.append(text, copied, at - copied);
    }
    const Pair* pair = match(rest);
    if (pair == nullptr) {
      ++at;
      continue;
    }
    out.append(text, copied, at - copied).append(pair->second);
    copied = at += pair->first.size();
  }
  return out.append(text, copied);
}

}  // namespace leat::text
