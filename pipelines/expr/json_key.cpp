#include "pipelines/expr/json_key.hpp"

#include <algorithm>
#include <utility>

#include "pipelines/expr/json_number.hpp"
#include "pipelines/expr/json_text.hpp"

namespace leat::pipelines {

void JsonKey::append(std::string& out, std::string_view json) {
  const bool plain = json.starts_with('"') && json.find('\\') == json.npos;
  if (plain || doc_.parse(json)) {
    out += json;
  } else {
    append(out, doc_.root());
  }
}

void JsonKey::append(std::string& out, const JsonTexts& outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    append(out, outputs[i]);
    out += '\n';
  }
}

void JsonKey::append(std::string& out, JsonValue value) {
  bool first = true;
  switch (value.kind()) {
    case JsonKind::number:
      append_canonical_number(out, value.raw());
      return;
    case JsonKind::string:
      append_json_text(out, value.text());
      return;
    case JsonKind::array:
      out += '[';
      for (const auto item : value.items()) {
        if (!std::exchange(first, false)) out += ',';
        append(out, item);
      }
      out += ']';
      return;
    case JsonKind::object: {
      auto members = value.distinct_members();
      std::sort(members.begin(), members.end(), [](const JsonMember& a, const JsonMember& b) {
        return JsonValue::compare(a.key, b.key) < 0;
      });
      out += '{';
      for (const auto& member : members) {
        if (!std::exchange(first, false)) out += ',';
        append_json_text(out, member.key.text());
        out += ':';
        append(out, member.value);
      }
      out += '}';
      return;
    }
    default:
      out += value.raw();
  }
}

}  // namespace leat::pipelines
