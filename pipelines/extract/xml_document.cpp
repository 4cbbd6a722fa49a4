#include "pipelines/extract/xml_document.hpp"

#include <memory>
#include <new>
#include <string>

#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/extract/markup_text.hpp"
#include "pipelines/extract/xml_library.hpp"

namespace leat::pipelines {

namespace {

struct FreeParser {
  void operator()(xmlParserCtxt* parser) const noexcept { libxml().xmlFreeParserCtxt(parser); }
};

template <class T>
T* made(T* pointer) {
  if (pointer == nullptr) throw std::bad_alloc();
  return pointer;
}

Error not_well_formed(xmlParserCtxt* parser) {
  const xmlError* error = libxml().xmlCtxtGetLastError(parser);
  std::string message = "the body is not well-formed XML";
  if (error != nullptr && error->message != nullptr) {
    message += ": line " + std::to_string(error->line) + ": ";
    message += text::printable(text::trimmed(error->message, kHtmlBlanks), 200);
  }
  return Error(Errc::filter_error, message);
}

// Copies a gumbo tree node by node.
class Copy {
 public:
  Copy(const HtmlDocument& html, bool foreign)
      : doc_(made(libxml().htmlNewDocNoDtD(nullptr, nullptr))), foreign_(foreign) {
    doc_->dict = made(libxml().xmlDictCreate());
    children(html.document());
  }

  [[nodiscard]] XmlDoc take() && { return std::move(doc_); }

 private:
  struct Frame {
    const GumboVector* children;
    unsigned next;
    xmlNode* into;
  };

  void children(const GumboNode& document) {
    std::vector<Frame> frames = {{children_of(document), 0, reinterpret_cast<xmlNode*>(doc_.get())}};
    while (!frames.empty()) {
      Frame& frame = frames.back();
      if (frame.next == frame.children->length) {
        frames.pop_back();
        continue;
      }
      const GumboNode& node = child(*frame.children, frame.next++);
      xmlNode* copied = copy(node);
      append(frame.into, copied);
      if (const GumboElement* element = element_of(node)) {
        attributes(*element,
                   copied);  // only now that it has a place: libxml2 looks for who declares a prefix
        frames.push_back({&element->children, 0, copied});
      }
    }
  }

  xmlNode* copy(const GumboNode& node) {
    if (const GumboElement* element = element_of(node)) {
      const std::string name = name_of(*element);
      auto* kept = const_cast<xmlChar*>(made(libxml().xmlDictLookup(doc_->dict, xml_text(name), -1)));
      xmlNode* copied = made(libxml().xmlNewDocNodeEatName(doc_.get(), nullptr, kept, nullptr));
      copied->_private = const_cast<GumboNode*>(&node);
      copied->ns = space_of(*element);
      return copied;
    }
    const xmlChar* text = xml_text(node.v.text.text);
    return made(node.type == GUMBO_NODE_COMMENT ? libxml().xmlNewDocComment(doc_.get(), text)
                                                : libxml().xmlNewDocText(doc_.get(), text));
  }

  void attributes(const GumboElement& element, xmlNode* copied) {
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
      xmlNs* space = nullptr;
      if (attribute.attr_namespace == GUMBO_ATTR_NAMESPACE_XMLNS)
        continue;  // XPath takes it for no attribute
      if (attribute.attr_namespace == GUMBO_ATTR_NAMESPACE_XLINK) space = declare(xlink_, kXlink, "xlink");
      if (attribute.attr_namespace == GUMBO_ATTR_NAMESPACE_XML) {
        space = libxml().xmlSearchNs(doc_.get(), copied, xml_text("xml"));
      }
      made(libxml().xmlNewNsProp(copied, space, xml_text(attribute.name), xml_text(attribute.value)));
    }
  }

  xmlNs* space_of(const GumboElement& element) {
    if (!foreign_ || element.tag_namespace == GUMBO_NAMESPACE_HTML) return nullptr;
    const bool is_svg = element.tag_namespace == GUMBO_NAMESPACE_SVG;
    return is_svg ? declare(svg_, kSvg, "svg") : declare(math_, kMath, "math");
  }

  // It hangs at the root, so that it is freed with the tree.
  xmlNs* declare(xmlNs*& space, const char* uri, const char* prefix) {
    if (space == nullptr)
      space =
          made(libxml().xmlNewNs(libxml().xmlDocGetRootElement(doc_.get()), xml_text(uri), xml_text(prefix)));
    return space;
  }

  static void append(xmlNode* parent, xmlNode* added) noexcept {
    added->parent = parent;
    added->prev = parent->last;
    (parent->last != nullptr ? parent->last->next : parent->children) = added;
    parent->last = added;
  }

  XmlDoc doc_;
  bool foreign_;
  xmlNs* svg_ = nullptr;
  xmlNs* math_ = nullptr;
  xmlNs* xlink_ = nullptr;
};

}  // namespace

void FreeXmlDoc::operator()(xmlDoc* doc) const noexcept { libxml().xmlFreeDoc(doc); }

Result<XmlDocument> XmlDocument::parse(std::string_view utf8, bool lenient) {
  if (const auto& fault = libxml().library.fault()) return *fault;
  if (utf8.size() > std::size_t{1} << 30) return Error(Errc::filter_error, "XML over 1 GiB is not read");
  const std::unique_ptr<xmlParserCtxt, FreeParser> parser(made(libxml().xmlNewParserCtxt()));
  // Declared entities would be expanded when a value is read, however few bytes they take to write.
  parser->sax->entityDecl = [](void*, const xmlChar*, int, const xmlChar*, const xmlChar*, xmlChar*) {};
  utf8 = text::trimmed(utf8, kHtmlBlanks);  // a blank line before "<?xml" is common, and an error
  // The text is UTF-8, whatever it declares. A declared encoding that libxml2 has no converter for would be
  // an error, and where files can't be opened it has none for most.
  const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC |
                      (lenient ? XML_PARSE_RECOVER : 0);
  XmlDoc doc(libxml().xmlCtxtReadMemory(parser.get(), utf8.data(), static_cast<int>(utf8.size()), nullptr,
                                        "UTF-8", options));
  if (!doc || libxml().xmlDocGetRootElement(doc.get()) == nullptr) return not_well_formed(parser.get());
  return XmlDocument(std::move(doc));
}

XmlDocument XmlDocument::copy(const HtmlDocument& html, bool foreign) {
  return XmlDocument(Copy(html, foreign).take());
}

xmlNode* next_in_document(xmlNode* node, const xmlNode* top) noexcept {
  const bool descends = node->type == XML_ELEMENT_NODE || node->type == XML_DOCUMENT_NODE ||
                        node->type == XML_HTML_DOCUMENT_NODE;
  if (descends && node->children != nullptr) return node->children;
  while (node != top && node->next == nullptr) node = node->parent;
  return node == top ? nullptr : node->next;
}

WithoutNamespaces::WithoutNamespaces(xmlDoc* doc, Names names) {
  auto* top = reinterpret_cast<xmlNode*>(doc);
  for (xmlNode* node = top; node != nullptr; node = next_in_document(node, top)) {
    if (node->type != XML_ELEMENT_NODE || node->ns == nullptr) continue;
    if (names == Names::written && node->ns->prefix != nullptr) continue;
    taken_.emplace_back(node, node->ns);
    node->ns = nullptr;
  }
}

WithoutNamespaces::~WithoutNamespaces() {
  for (const auto& [node, space] : taken_) node->ns = space;
}

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

// A value without entities is one text, or none.
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
