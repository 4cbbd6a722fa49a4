#include "pipelines/options/checks.hpp"

#include <utility>

#include "engine/text/list_pieces.hpp"
#include "engine/text/nearest.hpp"
#include "pipelines/expr/field_path.hpp"
#include "pipelines/options/url_pattern.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/result/assign.hpp"
#include "pipelines/result/result_fields.hpp"
#include "pipelines/result/table_fields.hpp"

namespace leat::pipelines {

namespace {

// A field that no record has is more likely a slip than a wish.
std::optional<std::string> unknown_root(const FieldPath& path) {
  if (find_result_field(path.root()) != nullptr) return std::nullopt;
  std::vector<std::string_view> names;
  for (const auto& field : result_fields()) names.push_back(field.name);
  std::string message = "a record has no field \"" + path.root() + "\"";
  if (const auto near = text::nearest(path.root(), names); !near.empty()) {
    return message + "; did you mean \"" + std::string(near) + "\"?";
  }
  return message + "; other values that a source or each gave are in meta, as meta." + path.root();
}

}  // namespace

std::optional<TextFault> check_place_name(const std::string& text) {
  if (auto why = check_place(text)) return TextFault{0, std::move(*why)};
  return std::nullopt;
}

std::optional<TextFault> check_meta_place(const std::string& text) {
  if (text.starts_with("meta.") && text.size() > 5) return std::nullopt;
  return TextFault{0, "takes a place in meta such as meta.links"};
}

std::optional<TextFault> check_fields(const std::string& list) {
  if (auto fault = check_table_fields(list)) return fault;
  for (const auto text : text::list_pieces(list)) {
    const auto field = TableField::compile(text);
    if (auto why = unknown_root(std::get<TableField>(field).path))
      return TextFault{static_cast<std::size_t>(text.data() - list.data()), std::move(*why)};
  }
  return std::nullopt;
}

std::optional<TextFault> check_include(const std::string& list) {
  for (const auto name : text::list_pieces(list)) {
    const auto* field = find_result_field(name);
    if (field == nullptr || field->shown != ResultField::Shown::on_demand) {
      return TextFault{static_cast<std::size_t>(name.data() - list.data()),
                       "takes body, headers and json, with commas between them"};
    }
  }
  return std::nullopt;
}

std::optional<TextFault> check_digests(const std::string& list) {
  for (const auto name : text::list_pieces(list)) {
    if (!digest_kind(name)) {
      return TextFault{static_cast<std::size_t>(name.data() - list.data()),
                       "takes sha256, sha1, md5 and sha512, with commas between them"};
    }
  }
  return std::nullopt;
}

std::optional<TextFault> check_pattern(const std::string& text) {
  return fault_of(UrlPattern::compile(text));
}

}  // namespace leat::pipelines
