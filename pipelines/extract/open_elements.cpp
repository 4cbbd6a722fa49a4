#include "pipelines/extract/open_elements.hpp"

#include <algorithm>

#include "engine/text/ascii.hpp"

namespace leat::pipelines {

namespace {

bool is_heading(GumboTag tag) noexcept { return html_rule(tag).start == HtmlRule::Start::heading; }

}  // namespace

OpenElements::OpenElements() noexcept {
  push(GUMBO_TAG_HTML);
  push(GUMBO_TAG_BODY);
}

GumboTag OpenElements::nearest(std::initializer_list<GumboTag> tags) const noexcept {
  for (auto element = open_.rbegin(); element != open_.rend(); ++element) {
    if (std::find(tags.begin(), tags.end(), element->tag) != tags.end()) return element->tag;
  }
  return GUMBO_TAG_HTML;
}

// A foreign element has the tag of no name in HTML, which ends no scope.
template <class Is>
bool OpenElements::has_open(HtmlRule::Scope scope, Is is) const noexcept {
  for (auto element = open_.rbegin(); element != open_.rend(); ++element) {
    if (is(*element)) return true;
    if ((html_rule(element->tag).ends_scope & scope) != 0) return false;
  }
  return false;
}

bool OpenElements::has_in(HtmlRule::Scope scope, GumboTag tag) const noexcept {
  return has_open(scope, [tag](const Element& one) { return one.tag == tag && !one.is_foreign; });
}

bool OpenElements::has_heading() const noexcept {
  return has_open(HtmlRule::usual, [](const Element& one) { return is_heading(one.tag); });
}

std::uint32_t OpenElements::push(GumboTag tag) {
  open_.push_back({++last_id_, tag});
  return last_id_;
}

void OpenElements::close(GumboTag tag) noexcept {
  while (open_.back().tag != tag) open_.pop_back();
  open_.pop_back();
}

void OpenElements::close_heading() noexcept {
  while (!is_heading(top())) pop();
  pop();
}

void OpenElements::close_paragraph() noexcept {
  if (has_in(HtmlRule::in_button, GUMBO_TAG_P)) close(GUMBO_TAG_P);
}

void OpenElements::close_item(bool is_term) noexcept {
  for (auto element = open_.rbegin(); element != open_.rend(); ++element) {
    const GumboTag tag = element->tag;
    if (html_rule(tag).start == (is_term ? HtmlRule::Start::term : HtmlRule::Start::item)) return close(tag);
    const bool is_passed = tag == GUMBO_TAG_ADDRESS || tag == GUMBO_TAG_DIV || tag == GUMBO_TAG_P;
    if (html_rule(tag).is_special && !is_passed) return;
  }
}

void OpenElements::close_implied(GumboTag except) noexcept {
  while (html_rule(top()).ends_implied && top() != except) pop();
}

void OpenElements::clear_to(std::initializer_list<GumboTag> tags) noexcept {
  while (top() != GUMBO_TAG_HTML && std::find(tags.begin(), tags.end(), top()) == tags.end()) pop();
}

void OpenElements::end_any(GumboTag tag) noexcept {
  for (auto element = open_.rbegin(); element != open_.rend(); ++element) {
    if (element->tag == tag) return close(tag);
    if (html_rule(element->tag).is_special) return;
  }
}

void OpenElements::remove(std::uint32_t id) noexcept {
  const std::size_t at = place_of(id);
  if (at != kNone) open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at));
}

bool OpenElements::is_in_scope(std::uint32_t id) const noexcept {
  return has_open(HtmlRule::usual, [id](const Element& one) { return one.id == id; });
}

// At most three that are alike are kept; whether some are alike, their attributes say.
bool OpenElements::push_formatting(GumboTag tag) {
  int same = 0;
  for (auto one = formatting_.rbegin(); one != formatting_.rend() && one->id != 0; ++one) {
    if (one->tag == tag && ++same == 3) return false;
  }
  const std::uint32_t id = push(tag);
  formatting_.push_back({id, tag});
  return true;
}

void OpenElements::note_found() noexcept {
  if (!formatting_.empty() && formatting_.back().id == last_id_) formatting_.back().is_found = true;
}

void OpenElements::clear_to_marker() noexcept {
  while (!formatting_.empty()) {
    const bool is_marker = formatting_.back().id == 0;
    formatting_.pop_back();
    if (is_marker) return;
  }
}

bool OpenElements::open_formatting_again() {
  std::size_t at = formatting_.size();
  while (at > 0 && formatting_[at - 1].id != 0 && place_of(formatting_[at - 1].id) == kNone) --at;
  for (; at < formatting_.size(); ++at) {
    if (formatting_[at].is_found) return false;
    formatting_[at].id = push(formatting_[at].tag);
  }
  return !is_full();
}

std::size_t OpenElements::find_formatting(GumboTag tag) const noexcept {
  for (std::size_t at = formatting_.size(); at-- > 0 && formatting_[at].id != 0;) {
    if (formatting_[at].tag == tag) return at;
  }
  return kNone;
}

bool OpenElements::end_formatting(GumboTag tag) {
  const bool is_last = !formatting_.empty() && formatting_.back().id == open_.back().id;
  if (is_last && top() == tag) {  // as it nearly always is; then nothing is in it
    pop();
    formatting_.pop_back();
    return true;
  }
  const bool is_listed = std::any_of(formatting_.begin(), formatting_.end(),
                                     [&](const auto& one) { return one.id == open_.back().id; });
  if (top() == tag && !is_listed) {
    pop();
    return true;
  }
  const std::size_t at = find_formatting(tag);
  if (at == kNone) return true;
  const auto listed = formatting_.begin() + static_cast<std::ptrdiff_t>(at);
  const std::size_t place = place_of(listed->id);
  if (place == kNone) {
    formatting_.erase(listed);
    return true;
  }
  if (!has_in(HtmlRule::usual, tag)) return true;
  const bool has_block = std::any_of(open_.begin() + static_cast<std::ptrdiff_t>(place), open_.end(),
                                     [](const Element& one) { return html_rule(one.tag).is_special; });
  if (has_block) return false;
  open_.resize(place);
  formatting_.erase(listed);
  return true;
}

bool OpenElements::close_anchor() {
  if (find_formatting(GUMBO_TAG_A) == kNone) return true;
  if (!end_formatting(GUMBO_TAG_A)) return false;
  const std::size_t at = find_formatting(GUMBO_TAG_A);
  if (at == kNone) return true;
  const std::uint32_t id = formatting_[at].id;
  formatting_.erase(formatting_.begin() + static_cast<std::ptrdiff_t>(at));
  remove(id);
  return true;
}

bool OpenElements::holds_html() const noexcept {
  const std::string_view name = open_.back().name;
  for (const std::string_view one :
       {"title", "desc", "foreignobject", "annotation-xml", "mi", "mo", "mn", "ms", "mtext"}) {
    if (text::equal_ignoring_case(name, one)) return true;
  }
  return false;
}

void OpenElements::push_foreign(std::string_view name) {
  open_.push_back({++last_id_, GUMBO_TAG_UNKNOWN, true, name});
}

bool OpenElements::end_foreign(std::string_view name) noexcept {
  for (std::size_t at = open_.size(); open_[at - 1].is_foreign; --at) {
    if (!text::equal_ignoring_case(open_[at - 1].name, name)) continue;
    open_.resize(at - 1);
    return true;
  }
  return false;
}

}  // namespace leat::pipelines
