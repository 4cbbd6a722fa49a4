#include "pipelines/result/table_fields.hpp"

#include <algorithm>
#include <utility>

#include "engine/text/list_pieces.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/expr/json_text.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kSpread = ".*";

void put(text::RowText& row, JsonValue value, std::string& scratch) {
  if (value.is(JsonKind::null)) return row.field("");
  if (value.is(JsonKind::string)) return row.field(value.text(scratch));
  scratch.clear();
  value.append_to(scratch);
  row.field(scratch);
}

// Why a value is not there, if it is one of a body that can't be read.
Status fault_behind(const TableField& field, JsonValue value, Input& input,
                    TableFields::Unreadable unreadable) {
  if (value.exists() || unreadable == TableFields::Unreadable::empty) return std::nullopt;
  const auto* fault = input.fault(field.path.root());
  return fault == nullptr ? Status() : Status(*fault);
}

}  // namespace

Compiled<TableField> TableField::compile(std::string_view text) {
  const auto equals = text.substr(0, text.find('[')).find('=');  // a name in brackets may have one, too
  const std::size_t begin = equals == text.npos ? 0 : equals + 1;
  auto path_text = text.substr(begin);
  const bool spreads = path_text.ends_with(kSpread);
  if (spreads) path_text.remove_suffix(kSpread.size());
  if (begin == 1) return TextFault{0, "a name is missing before '=', as in id=meta.id"};
  if (spreads && begin > 0)
    return TextFault{0,
                     "the members of an object keep their names: write " + std::string(text.substr(begin))};
  auto path = FieldPath::compile(path_text);
  if (auto fault = fault_of(path)) return TextFault{begin + fault->offset, std::move(fault->message)};
  const auto name = begin > 0 ? text.substr(0, equals) : path_text;
  return TableField{std::string(name), std::get<FieldPath>(std::move(path)), spreads};
}

std::optional<TextFault> check_table_fields(const std::string& list) {
  std::vector<std::string> names;
  bool is_spread = false;
  for (const auto text : text::list_pieces(list)) {
    const auto at = static_cast<std::size_t>(text.data() - list.data());
    auto made = TableField::compile(text);
    if (auto fault = fault_of(made)) return TextFault{at + fault->offset, std::move(fault->message)};
    auto& field = std::get<TableField>(made);
    if (field.spreads && std::exchange(is_spread, true))
      return TextFault{at, "only one object can be spread over columns; name the fields of the other"};
    if (!field.spreads && std::find(names.begin(), names.end(), field.name) != names.end())
      return TextFault{at, "\"" + text::printable(field.name, 60) +
                               "\" is there twice; give one of them another name, as in NAME=" +
                               text::printable(field.path.text(), 60)};
    names.push_back(std::move(field.name));
  }
  return std::nullopt;
}

TableFields::TableFields(const std::vector<std::string>& texts) {
  for (const auto& text : texts) {
    fields_.push_back(std::get<TableField>(TableField::compile(text)));
    if (fields_.back().spreads) spread_ = fields_.size() - 1;
  }
}

bool TableFields::tells_failure() const {
  return std::any_of(fields_.begin(), fields_.end(), [](const TableField& field) {
    return field.path.root() == "error" || field.path.root() == "outcome";
  });
}

TableFields::Members TableFields::members_of(Input& input) const {
  Members members;
  const JsonValue object = fields_[*spread_].path.find(input);
  if (!object.is(JsonKind::object)) return members;
  for (const auto& member : object.distinct_members()) members.push_back(member.key.text());
  return members;
}

TableFields::Members TableFields::members_of(const std::vector<std::string>& names) const {
  Members members;
  if (names.size() + 1 < fields_.size()) return members;
  const auto begin = names.begin() + static_cast<std::ptrdiff_t>(*spread_);
  const auto prefix = fields_[*spread_].name + ".";
  for (auto name = begin; name != begin + static_cast<std::ptrdiff_t>(names.size() + 1 - fields_.size());
       ++name) {
    const bool is_prefixed = name->starts_with(prefix) && name_of(name->substr(prefix.size())) == *name;
    members.push_back(is_prefixed ? name->substr(prefix.size()) : *name);
  }
  return members;
}

// A member that is called as another column is stands there by its whole path.
std::string TableFields::name_of(std::string_view member) const {
  const bool is_taken = std::any_of(fields_.begin(), fields_.end(), [member](const TableField& field) {
    return !field.spreads && field.name == member;
  });
  return is_taken ? fields_[*spread_].name + "." + std::string(member) : std::string(member);
}

void TableFields::append_header(std::string& out, text::Delimited format, const Members& members) const {
  if (fields_.size() == 1 && spread_ && members.empty()) return;
  text::RowText row(format, out);
  for (const auto& field : fields_) {
    if (!field.spreads) {
      row.field(field.name);
    } else {
      for (const auto& member : members) row.field(name_of(member));
    }
  }
  row.end();
}

Status TableFields::append_row(std::string& out, text::Delimited format, const Members& members, Input& input,
                               Unreadable unreadable) const {
  text::RowText row(format, out);
  std::string scratch;
  for (const auto& field : fields_) {
    const JsonValue value = field.path.find(input);
    if (auto fault = fault_behind(field, value, input, unreadable)) return fault;
    if (!field.spreads) {
      put(row, value, scratch);
      continue;
    }
    const bool is_object = value.is(JsonKind::object);
    if (is_object) {
      for (const auto& member : value.distinct_members()) {
        const auto name = member.key.text();
        if (std::find(members.begin(), members.end(), name) != members.end()) continue;
        return Error(Errc::filter_error, "{" + field.path.text() + "} has a member \"" +
                                             text::printable(name, 60) +
                                             "\" for which the table has no column; name the fields, as in "
                                             "fields=" +
                                             field.path.text() + "." + text::printable(name, 60));
      }
    }
    for (const auto& member : members) {
      if (is_object) {
        put(row, value.get(member), scratch);
      } else {
        row.field("");
      }
    }
  }
  row.end();
  return std::nullopt;
}

Status TableFields::append_object(std::string& out, Input& input, Unreadable unreadable) const {
  const std::size_t begin = out.size();
  const auto put_member = [&](std::string_view name, JsonValue value) {
    if (out.size() > begin + 1) out += ',';
    append_json_text(out, name);
    out += ':';
    value.append_to(out);
  };
  out += '{';
  for (const auto& field : fields_) {
    const JsonValue value = field.path.find(input);
    if (auto fault = fault_behind(field, value, input, unreadable)) return fault;
    if (!field.spreads) {
      put_member(field.name, value);
    } else if (value.is(JsonKind::object)) {
      for (const auto& member : value.distinct_members())
        put_member(name_of(member.key.text()), member.value);
    }
  }
  out += '}';
  return std::nullopt;
}

}  // namespace leat::pipelines
