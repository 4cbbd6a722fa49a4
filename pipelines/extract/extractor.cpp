#include "pipelines/extract/extractor.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>
#include <variant>

#include "engine/text/ascii.hpp"
#include "pipelines/expr/jq_wire.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/extract/charset.hpp"
#include "pipelines/extract/css_matcher.hpp"
#include "pipelines/extract/html_document.hpp"
#include "pipelines/extract/links.hpp"
#include "pipelines/extract/markup_text.hpp"
#include "pipelines/extract/page.hpp"
#include "pipelines/extract/regex.hpp"
#include "pipelines/extract/selector.hpp"
#include "pipelines/extract/xml_document.hpp"
#include "pipelines/extract/xpath.hpp"

namespace leat::pipelines {

namespace {

/// A JSON array that grows.
class Items {
 public:
  std::string& next() {
    if (text_.size() > 1) text_ += ',';
    return text_;
  }
  void string(std::string_view text) { append_json_text(next(), text); }
  [[nodiscard]] std::string take() && {
    text_ += ']';
    return std::move(text_);
  }

 private:
  std::string text_ = "[";
};

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits{};
  char* end = digits.data() + digits.size();
  const bool is_integer = std::abs(value) < 1e15 && value == std::trunc(value);
  end = is_integer ? std::to_chars(digits.data(), end, static_cast<std::int64_t>(value)).ptr
                   : std::to_chars(digits.data(), end, value).ptr;
  out.append(digits.data(), end);
}

// An attribute's value, or the URLs it holds.
template <class Tree>
void add_attribute(Items& items, Page& page, const typename Tree::Node& element, std::string_view name,
                   std::string_view value) {
  static const auto kHttpEquiv = Tree::attribute_name("http-equiv");
  const std::string tag = text::to_lower(Tree::name(element));
  const bool is_refresh =
      tag == "meta" && text::to_lower(Tree::attribute(element, kHttpEquiv).value_or("")) == "refresh";
  const UrlForm form = url_form(tag, name, is_refresh);
  if (form == UrlForm::none) return items.string(value);
  for (const std::string& url : urls_in(value, form, page.base())) items.string(url);
}

// What an extractor takes of an element.
template <class Tree>
class Taker {
 public:
  Taker(std::string_view attr, bool markup)
      : attr_(Tree::attribute_name(attr)), lower_(text::to_lower(attr)), markup_(markup) {}

  void take(Items& items, Page& page, const typename Tree::Node& element) const {
    if (lower_.empty()) return items.string(markup_ ? Tree::markup(element) : Tree::text(element));
    if (const auto value = Tree::attribute(element, attr_)) {
      add_attribute<Tree>(items, page, element, lower_, *value);
    }
  }

  [[nodiscard]] bool wants_attribute() const noexcept { return !lower_.empty(); }

 private:
  typename Tree::AttributeName attr_;
  std::string lower_;
  bool markup_;
};

struct Css {
  explicit Css(const Selector& selector) : html(selector), xml(selector) {}

  CssMatcher<HtmlNodes> html;
  CssMatcher<XmlNodes> xml;
};

}  // namespace

struct Extractor::Machine {
  Machine(std::variant<Css, Xpath, Regex> made, const What& what)
      : language(std::move(made)), html(what.attr, what.markup), xml(what.attr, what.markup) {}

  Result<std::string> from_html(Page& page) const;
  Result<std::string> from_xml(Page& page) const;
  Result<std::string> by_xpath(const Xpath& xpath, Page& page) const;
  void add_node(Items& items, Page& page, const xmlNode& node) const;

  std::variant<Css, Xpath, Regex> language;
  Taker<HtmlNodes> html;
  Taker<XmlNodes> xml;
};

Result<std::string> Extractor::Machine::from_html(Page& page) const {
  const auto html_page = page.html();
  if (!html_page) return html_page.error();
  Items items;
  std::get<Css>(language).html.for_each_match(html_page.value()->document(),
                                              [&](const GumboNode& node) { html.take(items, page, node); });
  return std::move(items).take();
}

Result<std::string> Extractor::Machine::from_xml(Page& page) const {
  const auto document = page.xml(false);
  if (!document) return document.error();
  Items items;
  std::get<Css>(language).xml.for_each_match(*reinterpret_cast<const xmlNode*>(document.value()->get()),
                                             [&](const xmlNode& node) { xml.take(items, page, node); });
  return std::move(items).take();
}

Result<std::string> Extractor::Machine::by_xpath(const Xpath& xpath, Page& page) const {
  const auto document = page.xml(xpath.names() == Names::written);
  if (!document) return document.error();
  const auto value = xpath.evaluate(*document.value());
  if (!value) return value.error();
  Items items;
  if (const auto* nodes = std::get_if<Xpath::Nodes>(&value.value())) {
    for (const xmlNode* node : *nodes) add_node(items, page, *node);
  } else if (const auto* text = std::get_if<std::string>(&value.value())) {
    items.string(*text);
  } else if (const auto* number = std::get_if<double>(&value.value())) {
    append_number(items.next(), *number);
  } else {
    items.next() += std::get<bool>(value.value()) ? "true" : "false";
  }
  return std::move(items).take();
}

void Extractor::Machine::add_node(Items& items, Page& page, const xmlNode& node) const {
  const auto* copied = node.type == XML_ELEMENT_NODE ? static_cast<const GumboNode*>(node._private) : nullptr;
  if (copied != nullptr) return html.take(items, page, *copied);
  if (node.type == XML_ELEMENT_NODE) return xml.take(items, page, node);
  if (xml.wants_attribute()) return;
  if (node.type == XML_ATTRIBUTE_NODE) {
    std::string name = text::to_lower(text_of(node.name));
    if (node.ns != nullptr && node.ns->prefix != nullptr)
      name.insert(0, std::string(text_of(node.ns->prefix)) + ":");
    add_attribute<XmlNodes>(items, page, *node.parent, name, XmlNodes::value(node));
  } else if (const std::string text = XmlNodes::text(node); !text.empty() || node.type != XML_TEXT_NODE) {
    items.string(text);
  }
}

namespace {

std::string matches_of(const Regex& regex, std::string_view text) {
  Items items;
  const auto& names = regex.names();
  regex.for_each_match(text, [&](const Regex::Groups& groups) {
    std::string& out = items.next();
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (!names.empty()) {
        out += i == 0 ? '{' : ',';
        append_json_text(out, names[i]);
        out += ':';
      }
      if (groups[i]) {
        append_json_text(out, *groups[i]);
      } else {
        out += "null";
      }
    }
    if (!names.empty()) out += '}';
  });
  return std::move(items).take();
}

}  // namespace

Extractor::Extractor(std::unique_ptr<Machine> compiled) : compiled_(std::move(compiled)) {}
Extractor::Extractor(Extractor&&) noexcept = default;
Extractor& Extractor::operator=(Extractor&&) noexcept = default;
Extractor::~Extractor() = default;

Compiled<Extractor> Extractor::compile(const What& what) {
  if (what.language == Language::css) {
    auto made = parse_selector(what.text);
    if (auto fault = fault_of(made)) return std::move(*fault);
    return Extractor(std::make_unique<Machine>(Css(std::get<Selector>(made)), what));
  }
  if (what.language == Language::xpath) {
    auto made = Xpath::compile(what.text);
    if (auto fault = fault_of(made)) return std::move(*fault);
    return Extractor(std::make_unique<Machine>(std::get<Xpath>(std::move(made)), what));
  }
  auto made = Regex::compile(what.text);
  if (auto fault = fault_of(made)) return std::move(*fault);
  return Extractor(std::make_unique<Machine>(std::get<Regex>(std::move(made)), what));
}

Result<std::string> Extractor::extract(Page& page) const {
  if (const auto* regex = std::get_if<Regex>(&compiled_->language)) return matches_of(*regex, page.text());
  if (const auto* xpath = std::get_if<Xpath>(&compiled_->language)) return compiled_->by_xpath(*xpath, page);
  return page.markup() == Markup::html ? compiled_->from_html(page) : compiled_->from_xml(page);
}

WorkerProgram page_program(const Extractor::What& what) {
  std::string text;
  put_u32(text, static_cast<std::uint32_t>(what.language));
  put_u32(text, what.markup ? 1 : 0);
  put_text(text, what.attr);
  text += what.text;
  return WorkerProgram(std::move(text), WorkerProgram::Kind::page);
}

Extractor::What page_program_of(std::string_view text) {
  Extractor::What what;
  what.language = static_cast<Extractor::Language>(get_u32(text));
  what.markup = get_u32(text, sizeof(std::uint32_t)) != 0;
  text.remove_prefix(2 * sizeof(std::uint32_t));
  what.attr = take_text(text);
  what.text = text;
  return what;
}

// The process that reads it has no way to the files in which iconv has its tables.
std::string page_question(const PageQuestion& page) {
  const Markup markup = markup_of(page.content_type, page.body);
  const Utf8Body utf8(page.body, page.content_type, markup);
  const std::string_view converted =
      markup == Markup::xml ? "text/xml;charset=utf-8" : "text/html;charset=utf-8";
  const auto content_type = utf8.is_converted() ? converted : page.content_type;
  const auto body = utf8.is_converted() ? utf8.text() : page.body;
  std::string text;
  text.reserve(content_type.size() + page.url.size() + body.size() + 2 * sizeof(std::uint32_t));
  put_text(text, content_type);
  put_text(text, page.url);
  text += body;
  return text;
}

PageQuestion page_question_of(std::string_view text) {
  PageQuestion page;
  page.content_type = take_text(text);
  page.url = take_text(text);
  page.body = text;
  return page;
}

}  // namespace leat::pipelines
