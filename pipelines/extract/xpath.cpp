#include "pipelines/extract/xpath.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "engine/text/ascii.hpp"
#include "engine/text/nearest.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/extract/markup_text.hpp"
#include "pipelines/extract/xml_document.hpp"
#include "pipelines/extract/xml_library.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kFunctions[] = {
    "last",          "position",
    "count",         "id",
    "local-name",    "namespace-uri",
    "name",          "string",
    "concat",        "starts-with",
    "contains",      "substring-before",
    "substring",     "substring-after",
    "string-length", "normalize-space",
    "translate",     "boolean",
    "not",           "true",
    "false",         "lang",
    "number",        "sum",
    "floor",         "ceiling",
    "round",
};

// The words besides functions that may stand before a parenthesis: kinds of nodes, and operators.
constexpr std::string_view kOthers[] = {"node", "text", "comment", "processing-instruction",
                                        "and",  "or",   "div",     "mod"};

template <class List>
bool has(const List& list, std::string_view name) noexcept {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

bool starts_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_name(char c) noexcept { return starts_name(c) || text::is_digit(c) || c == '-' || c == '.'; }

/// Goes over the words of an expression, without strings and numbers.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  XpathNames run() {
    while (at_ < text_.size() && !found_.fault) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        const std::size_t end = text_.find(c, at_ + 1);
        if (end == std::string_view::npos) found_.fault = TextFault{at_, "the quote is not closed"};
        at_ = end + 1;
      } else if (c == '$') {
        found_.fault = TextFault{at_, "there are no variables here"};
      } else if (starts_name(c)) {
        word();
      } else if (text::is_digit(c)) {
        while (at_ < text_.size() && (text::is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
      } else {
        if (kHtmlBlanks.find(c) == std::string_view::npos) on_attribute_ = c == '@';
        ++at_;
      }
    }
    return std::move(found_);
  }

 private:
  void word() {
    const std::size_t start = at_;
    const std::string_view first = name();
    if (ahead("::")) {
      on_attribute_ = first == "attribute";
      at_ = text_.find("::", at_) + 2;
      return;
    }
    if (at_ + 1 < text_.size() && text_[at_] == ':' &&
        (starts_name(text_[at_ + 1]) || text_[at_ + 1] == '*')) {
      ++at_;
      if (text_[at_] == '*') {
        ++at_;
      } else {
        name();
      }
      if (ahead("(")) return unknown_function(start, text_.substr(start, at_ - start));
      if (!has(found_.prefixes, first)) found_.prefixes.emplace_back(first);
      found_.on_elements = found_.on_elements || !on_attribute_;
    } else if (ahead("(") && !has(kFunctions, first) && !has(kOthers, first)) {
      return unknown_function(start, first);
    }
    on_attribute_ = false;
  }

  std::string_view name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  [[nodiscard]] bool ahead(std::string_view sign) const noexcept {
    const std::size_t next = text_.find_first_not_of(kHtmlBlanks, at_);
    return next != std::string_view::npos && text_.substr(next).starts_with(sign);
  }

  void unknown_function(std::size_t offset, std::string_view name) {
    std::string message = "XPath 1.0 has no function \"" + text::printable(name, 40) + "\"";
    const auto near = text::nearest(name, kFunctions);
    if (!near.empty()) {
      message += "; did you mean \"" + std::string(near) + "\"?";
    } else {
      message += "; there are";
      for (const auto known : kFunctions) message.append(" ").append(known);
    }
    found_.fault = TextFault{offset, std::move(message)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool on_attribute_ = false;
  XpathNames found_;
};

}  // namespace

XpathNames xpath_names(std::string_view expression) { return Scan(expression).run(); }

namespace {

constexpr int kErrorBase = int{XML_XPATH_EXPRESSION_OK} - int{XPATH_EXPRESSION_OK};

struct FreeContext {
  void operator()(xmlXPathContext* context) const noexcept { libxml().xmlXPathFreeContext(context); }
};
struct FreeObject {
  void operator()(xmlXPathObject* object) const noexcept { libxml().xmlXPathFreeObject(object); }
};
using Object = std::unique_ptr<xmlXPathObject, FreeObject>;

// libxml2 2.9 gives a code without a message.
std::string words_for(int code) {
  switch (code) {
    case XPATH_START_LITERAL_ERROR:
      return "a quoted text belongs here";
    case XPATH_INVALID_PREDICATE_ERROR:
      return "']' is missing, or what stands in '[' is no condition";
    case XPATH_UNCLOSED_ERROR:
      return "')' or ']' is missing";
    case XPATH_INVALID_TYPE:
      return "an argument has the wrong type: a path belongs there, or a text";
    case XPATH_INVALID_ARITY:
      return "a function has too many arguments, or too few";
    case XPATH_INVALID_CHAR_ERROR:
      return "a character that does not belong here";
    case XPATH_OP_LIMIT_EXCEEDED:
      return "it takes too many steps on this page";
    case XPATH_RECURSION_LIMIT_EXCEEDED:
      return "it is nested too deep";
    case XPATH_MEMORY_ERROR:
      return "it finds too many nodes";
    default:
      return "this is no XPath 1.0 expression; something is missing here, or too much";
  }
}

/// A context that keeps its first error, where libxml2 would print it.
class Context {
 public:
  explicit Context(xmlDoc* doc) : context_(libxml().xmlXPathNewContext(doc)) {
    if (!context_) throw std::bad_alloc();
    context_->userData = this;
    context_->error = [](void* self, auto* error) { static_cast<Context*>(self)->keep(*error); };
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[nodiscard]] xmlXPathContext* get() const noexcept { return context_.get(); }
  [[nodiscard]] const TextFault& fault() const noexcept { return fault_; }

 private:
  void keep(const xmlError& error) {
    if (!fault_.message.empty()) return;
    fault_.message = words_for(error.code - kErrorBase);
    fault_.offset = static_cast<std::size_t>(std::max(error.int1, 0));
  }

  std::unique_ptr<xmlXPathContext, FreeContext> context_;
  TextFault fault_;
};

const xmlChar* known_space(std::string_view prefix) noexcept {
  constexpr std::pair<std::string_view, const char*> kKnown[] = {
      {"svg", kSvg}, {"math", kMath}, {"xlink", kXlink}};
  for (const auto& [name, uri] : kKnown) {
    if (name == prefix) return xml_text(uri);
  }
  return xml_text("urn:leat:declared-by-nobody");
}

// Registers each prefix as the document first declares it.
void declare(xmlXPathContext* context, const std::vector<std::string>& prefixes) {
  for (const auto& prefix : prefixes) {
    if (prefix != "xml") libxml().xmlXPathRegisterNs(context, xml_text(prefix), known_space(prefix));
  }
  auto* top = reinterpret_cast<xmlNode*>(context->doc);
  std::vector<std::string> left = prefixes;
  for (xmlNode* node = top; node != nullptr && !left.empty(); node = next_in_document(node, top)) {
    if (node->type != XML_ELEMENT_NODE) continue;
    for (const xmlNs* space = node->nsDef; space != nullptr; space = space->next) {
      const auto found = std::find(left.begin(), left.end(), text_of(space->prefix));
      if (found == left.end() || space->href == nullptr) continue;
      libxml().xmlXPathRegisterNs(context, space->prefix, space->href);
      left.erase(found);
    }
  }
}

Xpath::Value value_of(const xmlXPathObject& object) {
  switch (object.type) {
    case XPATH_BOOLEAN:
      return object.boolval != 0;
    case XPATH_NUMBER:
      return object.floatval;
    case XPATH_STRING:
      return std::string(text_of(object.stringval));
    default:
      break;
  }
  Xpath::Nodes nodes;
  const int count = object.nodesetval == nullptr ? 0 : object.nodesetval->nodeNr;
  for (int i = 0; i < count; ++i) {
    const xmlNode* node = object.nodesetval->nodeTab[i];
    if (node->type != XML_NAMESPACE_DECL) nodes.push_back(node);
  }
  return nodes;
}

}  // namespace

void Xpath::FreeExpression::operator()(xmlXPathCompExpr* expression) const noexcept {
  libxml().xmlXPathFreeCompExpr(expression);
}

Compiled<Xpath> Xpath::compile(const std::string& text) {
  if (const std::size_t zero = std::min(text.find('\0'), text::valid_utf8_prefix(text)); zero < text.size()) {
    return TextFault{zero, text[zero] == '\0' ? "holds a NUL byte" : "is not UTF-8"};
  }
  XpathNames names = xpath_names(text);
  if (names.fault) return std::move(*names.fault);
  if (const auto& fault = libxml().library.fault()) return TextFault{0, fault->message};
  libxml().xmlInitParser();
  const Context context(nullptr);
  Xpath made;
  made.expression_.reset(libxml().xmlXPathCtxtCompile(context.get(), xml_text(text)));
  if (!made.expression_) {
    TextFault fault = context.fault();
    fault.offset = std::min(fault.offset, text.size());
    return fault;
  }
  made.prefixes_ = std::move(names.prefixes);
  if (names.on_elements) made.names_ = Names::written;
  // libxml2 checks the number and types of a function's arguments only when the expression runs.
  auto tried = made.evaluate(XmlDocument::parse("<a/>").value());
  if (!tried) return TextFault{0, std::move(tried.error().message)};
  return made;
}

Result<Xpath::Value> Xpath::evaluate(const XmlDocument& document) const {
  auto values = evaluate(document, {reinterpret_cast<const xmlNode*>(document.get())});
  if (!values) return values.error();
  return std::move(values.value().front());
}

Result<std::vector<Xpath::Value>> Xpath::evaluate(const XmlDocument& document, const Nodes& at) const {
  const Context context(document.get());
  declare(context.get(), prefixes_);
  const bool is_xml = document.get()->type == XML_DOCUMENT_NODE;
  std::optional<WithoutNamespaces> bare;
  if (is_xml) bare.emplace(document.get(), names_);
  libxml().xmlXPathOrderDocElems(
      document.get());  // without it, comparing two siblings' places walks from one to the other
  std::vector<Value> values;
  for (const xmlNode* node : at) {
    context.get()->node = const_cast<xmlNode*>(node);
    const Object object(libxml().xmlXPathCompiledEval(expression_.get(), context.get()));
    if (!object) return Error(Errc::filter_error, "XPath: " + context.fault().message);
    values.push_back(value_of(*object));
  }
  return values;
}

std::optional<TextFault> check_xpath(const std::string& text) {
  auto compiled = Xpath::compile(text);
  if (auto* fault = std::get_if<TextFault>(&compiled)) return std::move(*fault);
  return std::nullopt;
}

}  // namespace leat::pipelines
