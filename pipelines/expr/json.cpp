#include "pipelines/expr/json.hpp"

#include <algorithm>
#include <array>

#include "pipelines/expr/json_number.hpp"
#include "pipelines/expr/json_text.hpp"

namespace leat::pipelines {

namespace {

constexpr const char* kConstants = "nullnullfalsetrue";
constexpr JsonNode kAbsent{0, 4, 1, JsonKind::null, 0};
constexpr JsonNode kNull{4, 8, 1, JsonKind::null, 0};
constexpr JsonNode kFalse{8, 13, 1, JsonKind::false_, 0};
constexpr JsonNode kTrue{13, 17, 1, JsonKind::true_, 0};

int sign(std::strong_ordering order) noexcept { return order < 0 ? -1 : order > 0 ? 1 : 0; }

// Compares two strings, whatever they hold. The order of UTF-8's bytes is the order of code points.
int compare_text(JsonValue a, JsonValue b) {
  std::string scratch_a;
  std::string scratch_b;
  return sign(a.text(scratch_a) <=> b.text(scratch_b));
}

bool less_key(const JsonMember& a, const JsonMember& b) { return compare_text(a.key, b.key) < 0; }

int compare_arrays(JsonValue a, JsonValue b) {
  auto left = a.items().begin();
  auto right = b.items().begin();
  for (; left != a.items().end() && right != b.items().end(); ++left, ++right) {
    if (const int order = JsonValue::compare(*left, *right); order != 0) return order;
  }
  return static_cast<int>(left != a.items().end()) - static_cast<int>(right != b.items().end());
}

std::vector<JsonMember> sorted_members(JsonValue object) {
  auto members = object.distinct_members();
  std::sort(members.begin(), members.end(), less_key);
  return members;
}

int compare_objects(JsonValue a, JsonValue b) {
  const auto left = sorted_members(a);
  const auto right = sorted_members(b);
  const auto common = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (const int order = compare_text(left[i].key, right[i].key); order != 0) return order;
  }
  if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
  for (std::size_t i = 0; i < common; ++i) {
    if (const int order = JsonValue::compare(left[i].value, right[i].value); order != 0) return order;
  }
  return 0;
}

}  // namespace

std::string_view kind_name(JsonKind kind) noexcept {
  constexpr std::array<std::string_view, 7> kNames{"null",   "boolean", "boolean", "number",
                                                   "string", "array",   "object"};
  return kNames[static_cast<std::size_t>(kind)];
}

JsonValue::JsonValue() noexcept : JsonValue(kConstants, &kAbsent) {}
JsonValue JsonValue::null() noexcept { return {kConstants, &kNull}; }
JsonValue JsonValue::boolean(bool value) noexcept { return {kConstants, value ? &kTrue : &kFalse}; }

bool JsonValue::exists() const noexcept { return node_ != &kAbsent; }

void JsonValue::append_to(std::string& out) const {
  if ((node_->flags & JsonNode::kBlanks) == 0) {
    out += raw();
    return;
  }
  for (const JsonNode *node = node_, *end = node_ + node_->span; node != end; ++node) {
    // This appends what stands between this token and the next one without its blanks: brackets, commas and
    // colons.
    const bool container = node->kind >= JsonKind::array;
    const std::uint32_t token_end = container ? node->begin + 1 : node->end;
    out.append(text_ + node->begin, token_end - node->begin);
    const std::uint32_t next = node + 1 == end ? node_->end : node[1].begin;
    for (std::uint32_t at = token_end; at < next; ++at) {
      if (static_cast<unsigned char>(text_[at]) > ' ') out += text_[at];
    }
  }
}

std::string JsonValue::compact() const {
  std::string out;
  append_to(out);
  return out;
}

std::string_view JsonValue::text(std::string& scratch) const {
  const auto inside = raw().substr(1, raw().size() - 2);
  if ((node_->flags & JsonNode::kEscapes) == 0) return inside;
  scratch.clear();
  append_unescaped(scratch, inside);
  return scratch;
}

std::string JsonValue::text() const {
  std::string scratch;
  return std::string(text(scratch));
}

bool JsonValue::says(std::string_view text) const {
  if ((node_->flags & JsonNode::kEscapes) == 0) {
    return node_->end - node_->begin == text.size() + 2 && raw().substr(1, text.size()) == text;
  }
  return this->text() == text;
}

double JsonValue::number() const noexcept { return nearest_double(raw()); }

JsonValue JsonValue::get(std::string_view key) const {
  JsonValue found;
  if (!is(JsonKind::object)) return found;
  for (const auto& member : members()) {
    if (member.key.says(key)) found = member.value;
  }
  return found;
}

JsonValue JsonValue::at(std::int64_t index) const noexcept {
  if (!is(JsonKind::array)) return {};
  if (index < 0) {
    index += static_cast<std::int64_t>(size());
    if (index < 0) return {};
  }
  for (const auto item : items()) {
    if (index-- == 0) return item;
  }
  return {};
}

std::size_t JsonValue::size() const {
  if (is(JsonKind::array)) {
    std::size_t count = 0;
    for (auto it = items().begin(); it != items().end(); ++it) ++count;
    return count;
  }
  return is(JsonKind::object) ? distinct_members().size() : 0;
}

bool JsonValue::has_duplicate_keys() const {
  std::vector<JsonMember> all;
  for (const auto& member : members()) all.push_back(member);
  std::sort(all.begin(), all.end(), less_key);
  const auto same = [](const JsonMember& a, const JsonMember& b) { return compare_text(a.key, b.key) == 0; };
  return std::adjacent_find(all.begin(), all.end(), same) != all.end();
}

std::vector<JsonMember> JsonValue::distinct_members() const {
  std::vector<JsonMember> all;
  for (const auto& member : members()) all.push_back(member);
  if (all.size() < 2) return all;
  std::vector<JsonMember> sorted = all;
  std::stable_sort(sorted.begin(), sorted.end(), less_key);
  std::vector<JsonMember> out;
  // Equal keys stand in the order of the text: the first one gives the place and the last one the value.
  for (auto& member : all) {
    const auto same = std::equal_range(sorted.begin(), sorted.end(), member, less_key);
    if (same.first->key.node() != member.key.node()) continue;
    out.push_back({member.key, std::prev(same.second)->value});
  }
  return out;
}

int JsonValue::compare(JsonValue a, JsonValue b) {
  if (a.kind() != b.kind()) return a.kind() < b.kind() ? -1 : 1;
  switch (a.kind()) {
    case JsonKind::null:
    case JsonKind::false_:
    case JsonKind::true_:
      return 0;
    case JsonKind::number:
      return compare_numbers(a.raw(), b.raw());
    case JsonKind::string:
      return compare_text(a, b);
    case JsonKind::array:
      return compare_arrays(a, b);
    case JsonKind::object:
      return compare_objects(a, b);
  }
  return 0;
}

}  // namespace leat::pipelines
