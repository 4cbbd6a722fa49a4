#include "pipelines/extract/xml_nodes.hpp"

#include <memory>
#include <new>

#include "pipelines/extract/normal_text.hpp"
#include "pipelines/extract/xml_library.hpp"
#include "pipelines/extract/xml_text.hpp"

namespace leat::pipelines {

namespace {

struct FreeBuffer {
  void operator()(xmlBuffer* buffer) const noexcept { libxml().xmlBufferFree(buffer); }
};
struct FreeText {
  void operator()(xmlChar* text) const noexcept { (*libxml().xmlFree)(text); }
};

}  // namespace

bool XmlNodes::is_type(const Node& node, const TypeTest& name) noexcept { return text_of(node.name) == name; }

std::optional<std::string_view> XmlNodes::attribute(const Node& node, const AttributeName& name) noexcept {
  for (const xmlAttr* attribute = node.properties; attribute != nullptr; attribute = attribute->next) {
    std::string_view rest = name;
    if (attribute->ns != nullptr && attribute->ns->prefix != nullptr) {
      const std::string_view prefix = text_of(attribute->ns->prefix);
      if (!rest.starts_with(prefix) || !rest.substr(prefix.size()).starts_with(':')) continue;
      rest.remove_prefix(prefix.size() + 1);
    }
    if (rest == text_of(attribute->name)) return value(*reinterpret_cast<const xmlNode*>(attribute));
  }
  return std::nullopt;
}

const xmlNode* XmlNodes::next_element(Cursor& cursor) noexcept {
  while (cursor != nullptr && cursor->type != XML_ELEMENT_NODE) cursor = cursor->next;
  const xmlNode* node = cursor;
  if (cursor != nullptr) cursor = cursor->next;
  return node;
}

bool XmlNodes::is_empty(const Node& node) noexcept {
  for (const xmlNode* child = node.children; child != nullptr; child = child->next) {
    if (child->type != XML_COMMENT_NODE && child->type != XML_PI_NODE) return false;
  }
  return true;
}

std::string XmlNodes::type_key(const Node& node) { return name(node); }

std::string XmlNodes::name(const Node& node) { return std::string(text_of(node.name)); }

// Without entities it is one text, or none.
std::string_view XmlNodes::value(const Node& attribute) noexcept {
  return attribute.children == nullptr ? std::string_view() : text_of(attribute.children->content);
}

std::string XmlNodes::text(const Node& node) {
  const std::unique_ptr<xmlChar, FreeText> content(libxml().xmlNodeGetContent(&node));
  NormalText text;
  text.append(text_of(content.get()));
  return std::move(text).take();
}

std::string XmlNodes::markup(const Node& node) {
  if (node.type == XML_ATTRIBUTE_NODE) return std::string(value(node));
  const std::unique_ptr<xmlBuffer, FreeBuffer> buffer(libxml().xmlBufferCreate());
  if (!buffer) throw std::bad_alloc();
  libxml().xmlNodeDump(buffer.get(), node.doc, const_cast<xmlNode*>(&node), 0, 0);
  return std::string(text_of(libxml().xmlBufferContent(buffer.get())));
}

}  // namespace leat::pipelines
