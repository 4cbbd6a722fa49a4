#include "pipelines/result/item.hpp"

#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "pipelines/result/assign.hpp"

namespace leat::pipelines {

namespace {

using Members = std::vector<JsonMember>;

// The member that is the request's URL.
std::optional<std::string> url_member(const Members& members) {
  for (const std::string_view name : {"url", "URL"}) {
    for (const auto& member : members) {
      const bool is_url = member.key.says(name) && member.value.is(JsonKind::string);
      if (is_url && !member.value.says("")) return std::string(name);
    }
  }
  return std::nullopt;
}

void append_member(std::string& object, const JsonMember& member) {
  if (object.size() > 1) object += ',';
  member.key.append_to(object);
  object += ':';
  member.value.append_to(object);
}

// Of two members of one name the later one counts, in the place of the first.
class Merged {
 public:
  void add(const JsonMember& member) {
    std::string name = member.key.text();
    if (!names_.insert(name).second) {
      for (auto& [known, held] : members_) {
        if (known == name) held = member;
      }
      return;
    }
    members_.emplace_back(std::move(name), member);
  }
  [[nodiscard]] std::string text() const {
    std::string object = "{";
    for (const auto& [name, member] : members_) append_member(object, member);
    return object + "}";
  }

 private:
  std::vector<std::pair<std::string, JsonMember>> members_;
  std::unordered_set<std::string> names_;
};

void merge_into_meta(Record& record, const Members& added) {
  JsonDoc old;
  Merged merged;
  if (!record.meta.empty() && !old.parse(record.meta) && old.root().is(JsonKind::object)) {
    for (const auto& member : old.root().members()) merged.add(member);
  }
  for (const auto& member : added) {
    merged.add(member);
    record.filled(member.key.text());
  }
  record.meta = merged.text();
}

// Whether one of the places is what stands there, or lies below it.
enum class Inherits { nothing, some, all };
Inherits look_up(const std::vector<std::string>& places, const std::string& path) {
  Inherits found = Inherits::nothing;
  for (const auto& place : places) {
    if (place == path) return Inherits::all;
    if (place.size() > path.size() && place.starts_with(path) && place[path.size()] == '.')
      found = Inherits::some;
  }
  return found;
}

std::string without(JsonValue object, const std::vector<std::string>& places, const std::string& above) {
  std::string left = "{";
  for (const auto& member : object.distinct_members()) {
    const std::string path = above + member.key.text();
    const Inherits inherits = look_up(places, path);
    if (inherits == Inherits::all) continue;
    if (inherits == Inherits::nothing || !member.value.is(JsonKind::object)) {
      append_member(left, member);
      continue;
    }
    const std::string rest = without(member.value, places, path + ".");
    if (rest == "{}") continue;
    if (left.size() > 1) left += ',';
    member.key.append_to(left);
    left.append(":").append(rest);
  }
  return left + "}";
}

}  // namespace

Status take_item(Record& record, JsonValue value, const std::string& base) {
  if (value.is(JsonKind::string)) return set_record_url(record, value.text(), base);
  if (!value.is(JsonKind::object)) {
    return Error(Errc::bad_input,
                 "a record is made of a URL or of an object, not of " + std::string(kind_name(value.kind())));
  }
  const Members members = value.distinct_members();
  const auto url = url_member(members);
  Members added;
  Status error;
  for (const auto& member : members) {
    if (url && member.key.says(*url)) {
      error = set_record_url(record, member.value.text(), base);
    } else if (member.key.says("meta") && member.value.is(JsonKind::object)) {
      const Members inner = member.value.distinct_members();
      added.insert(added.end(), inner.begin(), inner.end());
    } else {
      added.push_back(member);
    }
  }
  if (!added.empty()) merge_into_meta(record, added);
  return error;
}

Status take_json_item(Record& record, std::string_view json, JsonDoc& doc, const std::string& base) {
  if (const auto fault = doc.parse(json)) {
    return Error(Errc::bad_input,
                 "not JSON at byte " + std::to_string(fault->offset + 1) + ": " + fault->message);
  }
  return take_item(record, doc.root(), base);
}

std::string own_meta(const Record& record) {
  if (record.meta.empty()) return "null";
  JsonDoc doc;
  if (record.inherited.empty() || doc.parse(record.meta) || !doc.root().is(JsonKind::object))
    return record.meta;
  std::string own = without(doc.root(), record.inherited, "");
  return own == "{}" ? "null" : own;
}

}  // namespace leat::pipelines
