#include "pipelines/extract/html_nodes.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "pipelines/extract/attribute_value.hpp"
#include "pipelines/extract/normal_text.hpp"

namespace leat::pipelines {

namespace {

// Calls open(node) and close(node) around the children of each node below and including `top`. No recursion.
template <class Open, class Close>
void walk(const GumboNode& top, Open&& open, Close&& close) {
  struct Frame {
    const GumboNode* node;
    unsigned next;
  };
  std::vector<Frame> frames;
  open(top);
  frames.push_back({&top, 0});
  while (!frames.empty()) {
    Frame& frame = frames.back();
    const GumboVector* children = children_of(*frame.node);
    if (children == nullptr || frame.next == children->length) {
      close(*frame.node);
      frames.pop_back();
      continue;
    }
    const GumboNode& node = child(*children, frame.next++);
    open(node);
    if (children_of(node) != nullptr) frames.push_back({&node, 0});
  }
}

bool is_text(const GumboNode& node) noexcept {
  return node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_CDATA || node.type == GUMBO_NODE_WHITESPACE;
}

template <std::size_t N>
bool is_one_of(const GumboNode& node, const std::array<GumboTag, N>& tags) noexcept {
  const GumboElement* element = element_of(node);
  return element != nullptr && element->tag_namespace == GUMBO_NAMESPACE_HTML &&
         std::find(tags.begin(), tags.end(), element->tag) != tags.end();
}

// Elements that have no end tag, and those whose text is written as it is.
constexpr std::array kVoid = {GUMBO_TAG_AREA,  GUMBO_TAG_BASE, GUMBO_TAG_BASEFONT, GUMBO_TAG_BGSOUND,
                              GUMBO_TAG_BR,    GUMBO_TAG_COL,  GUMBO_TAG_EMBED,    GUMBO_TAG_FRAME,
                              GUMBO_TAG_HR,    GUMBO_TAG_IMG,  GUMBO_TAG_INPUT,    GUMBO_TAG_KEYGEN,
                              GUMBO_TAG_LINK,  GUMBO_TAG_META, GUMBO_TAG_PARAM,    GUMBO_TAG_SOURCE,
                              GUMBO_TAG_TRACK, GUMBO_TAG_WBR};
constexpr std::array kRaw = {GUMBO_TAG_STYLE,   GUMBO_TAG_SCRIPT,   GUMBO_TAG_XMP,      GUMBO_TAG_IFRAME,
                             GUMBO_TAG_NOEMBED, GUMBO_TAG_NOFRAMES, GUMBO_TAG_PLAINTEXT};

void escape(std::string& out, std::string_view text, bool in_attribute) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '&') {
      out += "&amp;";
    } else if (c == '\xC2' && at + 1 < text.size() && text[at + 1] == '\xA0') {
      out += "&nbsp;";
      ++at;
    } else if (c == '"' && in_attribute) {
      out += "&quot;";
    } else if (c == '<' && !in_attribute) {
      out += "&lt;";
    } else if (c == '>' && !in_attribute) {
      out += "&gt;";
    } else {
      out += c;
    }
  }
}

void write_start(std::string& out, const GumboElement& element) {
  out += '<';
  out += name_of(element);
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
    out += ' ';
    out += prefix_of(attribute);
    out += attribute.name;
    out += "=\"";
    escape(out, attribute.value, true);
    out += '"';
  }
  out += '>';
}

void write_open(std::string& out, const GumboNode& node) {
  if (const GumboElement* element = element_of(node)) {
    write_start(out, *element);
  } else if (node.type == GUMBO_NODE_COMMENT) {
    out.append("<!--").append(node.v.text.text).append("-->");
  } else if (is_text(node)) {
    if (node.parent != nullptr && is_one_of(*node.parent, kRaw)) {
      out += node.v.text.text;
    } else {
      escape(out, node.v.text.text, false);
    }
  }
}

}  // namespace

HtmlNodes::TypeTest HtmlNodes::type_test(std::string_view name) {
  TypeTest test;
  test.written = name;
  test.lower = lower_ascii(name);
  test.tag = gumbo_tagn_enum(test.lower.data(), static_cast<unsigned>(test.lower.size()));
  return test;
}

HtmlNodes::AttributeName HtmlNodes::attribute_name(std::string_view name) {
  return {std::string(name), lower_ascii(name)};
}

bool HtmlNodes::is_type(const Node& node, const TypeTest& test) {
  const GumboElement& element = node.v.element;
  if (element.tag_namespace != GUMBO_NAMESPACE_HTML) return name_of(element) == test.written;
  if (element.tag != GUMBO_TAG_UNKNOWN || test.tag != GUMBO_TAG_UNKNOWN) return element.tag == test.tag;
  return name_of(element) == test.lower;
}

std::optional<std::string_view> HtmlNodes::attribute(const Node& node, const AttributeName& name) noexcept {
  const bool is_html = node.v.element.tag_namespace == GUMBO_NAMESPACE_HTML;
  const GumboAttribute* found = find_attribute(node.v.element, is_html ? name.lower : name.written);
  if (found == nullptr) return std::nullopt;
  return std::string_view(found->value);
}

bool HtmlNodes::is_empty(const Node& node) noexcept {
  const GumboVector& children = node.v.element.children;
  for (unsigned i = 0; i < children.length; ++i) {
    if (child(children, i).type != GUMBO_NODE_COMMENT) return false;
  }
  return true;
}

std::string HtmlNodes::type_key(const Node& node) {
  return std::to_string(node.v.element.tag_namespace) + name_of(node.v.element);
}

std::string HtmlNodes::text(const Node& node) {
  NormalText text;
  walk(
      node,
      [&](const Node& n) {
        if (is_text(n)) text.append(n.v.text.text);
      },
      [](const Node&) {});
  return std::move(text).take();
}

std::string HtmlNodes::markup(const Node& node) {
  std::string out;
  walk(
      node, [&](const Node& n) { write_open(out, n); },
      [&](const Node& n) {
        if (element_of(n) != nullptr && !is_one_of(n, kVoid)) out += "</" + name_of(n.v.element) + ">";
      });
  return out;
}

}  // namespace leat::pipelines
