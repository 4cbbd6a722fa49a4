#pragma once

#include <libxml/tree.h>

#include <optional>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// The tree of an XmlDocument as CssMatcher wants it. Names match as they are spelt, an element's without its
/// prefix, an attribute's with it.
struct XmlNodes {
  using Node = xmlNode;
  using TypeTest = std::string;
  using AttributeName = std::string;
  using Cursor = const xmlNode*;

  static TypeTest type_test(std::string_view name) { return std::string(name); }
  static AttributeName attribute_name(std::string_view name) { return std::string(name); }
  static bool is_type(const Node& node, const TypeTest& name) noexcept;
  static std::optional<std::string_view> attribute(const Node& node, const AttributeName& name) noexcept;

  static Cursor children(const Node& node) noexcept { return node.children; }
  static const Node* next_element(Cursor& cursor) noexcept;
  static bool has_children(const Node& node) noexcept { return node.children != nullptr; }
  static bool is_empty(const Node& node) noexcept;
  static std::string type_key(const Node& node);
  static std::string name(const Node& node);

  /// Of an attribute, as it is.
  static std::string_view value(const Node& attribute) noexcept;

  /// All text in the node, of whatever kind it is, runs of blanks as one and none around it.
  static std::string text(const Node& node);

  /// The node as XML is written; of an attribute its value.
  static std::string markup(const Node& node);
};

}  // namespace leat::pipelines
