#include "pipelines/extract/finder.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <variant>

#include "pipelines/extract/css_matcher.hpp"
#include "pipelines/extract/found_items.hpp"
#include "pipelines/extract/html_document.hpp"
#include "pipelines/extract/page.hpp"
#include "pipelines/extract/selector.hpp"
#include "pipelines/extract/tag_finder.hpp"
#include "pipelines/extract/xml_document.hpp"
#include "pipelines/extract/xml_library.hpp"
#include "pipelines/extract/xpath.hpp"

namespace leat::pipelines {

namespace {

// How many elements a column may look at, which is more than any page has (see HtmlDocument). A row within a
// row is looked at twice, so rows that are nested thousands deep would take longer than anybody waits.
constexpr std::size_t kMostLooks = 10'000'000;

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

struct Css {
  Css(const Selector& selector, const std::string& wanted)
      : html(selector),
        xml(selector),
        tags(TagFinder::make(selector, wanted)),
        attr(text::to_lower(wanted)) {}

  CssMatcher<HtmlNodes> html;
  CssMatcher<XmlNodes> xml;
  std::optional<TagFinder> tags;  // if the selector asks for nothing else
  std::string attr;
};

/// Finds the row itself.
struct Itself {};

// Takes what there is without a tree of the page; false if that needs one.
bool take_from_tags(const Css& css, Page& page, FoundItems& items) {
  if (!css.tags || page.markup() != Markup::html || page.has_tree()) return false;
  const auto tags = css.tags->find(page.text());
  if (!tags) return false;
  const http::BaseUrl& base = page.base(tags->base);
  std::string_view element;
  UrlForm form = UrlForm::none;
  for (const auto& found : tags->found) {
    if (found.element.data() != element.data() || found.is_refresh) {
      form = url_form(text::to_lower(found.element), css.attr, found.is_refresh);
      element = found.is_refresh ? std::string_view() : found.element;
    }
    add_value(items, form, found.value, base);
  }
  return true;
}

// Calls fn(node) for each element of the page's own tree that the selector means.
template <class Fn>
Status each_match(const Css& css, Page& page, bool lenient, Fn&& fn) {
  if (page.markup() == Markup::html) {
    const auto document = page.html();
    if (!document) return document.error();
    css.html.for_each_match(document.value()->document(), fn);
  } else {
    const auto document = page.xml(false, lenient);
    if (!document) return document.error();
    css.xml.for_each_match(*reinterpret_cast<const xmlNode*>(document.value()->get()), fn);
  }
  return std::nullopt;
}

Result<Xpath::Value> value_of(const Xpath& xpath, Page& page, bool lenient) {
  const auto document = page.xml(xpath.names() == Names::written, lenient);
  if (!document) return document.error();
  return xpath.evaluate(*document.value());
}

void add_row(PageRows& rows, const GumboNode& node) { rows.html.push_back(&node); }
void add_row(PageRows& rows, const xmlNode& node) { rows.xml.push_back(&node); }

// Gives the nodes of the copy that stand for the rows of an HTML page.
std::vector<const xmlNode*> copies_of(const std::vector<const GumboNode*>& rows,
                                      const XmlDocument& document) {
  std::unordered_map<const void*, const xmlNode*> copies;
  auto* top = reinterpret_cast<xmlNode*>(document.get());
  for (xmlNode* node = top; node != nullptr; node = next_in_document(node, top)) {
    if (node->type == XML_ELEMENT_NODE) copies.emplace(node->_private, node);
  }
  std::vector<const xmlNode*> nodes;
  for (const auto* row : rows) nodes.push_back(copies.at(row));
  return nodes;
}

const GumboNode* copied_from(const xmlNode& node) noexcept {
  return node.type == XML_ELEMENT_NODE ? static_cast<const GumboNode*>(node._private) : nullptr;
}

}  // namespace

struct Finder::Machine {
  Machine(std::variant<Itself, Css, Xpath> made, const Extractor::Find& what)
      : language(std::move(made)),
        html(what.attr, what.markup),
        xml(what.attr, what.markup),
        lenient(what.lenient) {}

  void take(FoundItems& items, Page& page, const GumboNode& node) const { html.take(items, page, node); }
  void take(FoundItems& items, Page& page, const xmlNode& node) const;
  void add_value(FoundItems& items, Page& page, const Xpath::Value& value) const;
  Result<std::vector<std::string>> xpath_column(const Xpath& xpath, Page& page, const PageRows& rows) const;
  template <class Node, class Matcher>
  Result<std::vector<std::string>> css_column(Page& page, const std::vector<const Node*>& rows,
                                              const Matcher& matcher) const;
  template <class Node>
  std::vector<std::string> own_column(Page& page, const std::vector<const Node*>& rows) const;

  std::variant<Itself, Css, Xpath> language;
  Taker<HtmlNodes> html;
  Taker<XmlNodes> xml;
  bool lenient;
};

void Finder::Machine::take(FoundItems& items, Page& page, const xmlNode& node) const {
  if (const auto* copied = copied_from(node)) return html.take(items, page, *copied);
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

void Finder::Machine::add_value(FoundItems& items, Page& page, const Xpath::Value& value) const {
  if (const auto* nodes = std::get_if<Xpath::Nodes>(&value)) {
    for (const xmlNode* node : *nodes) take(items, page, *node);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    items.string(*text);
  } else if (const auto* number = std::get_if<double>(&value)) {
    append_number(items.next(), *number);
  } else {
    items.next() += std::get<bool>(value) ? "true" : "false";
  }
}

Result<std::vector<std::string>> Finder::Machine::xpath_column(const Xpath& xpath, Page& page,
                                                               const PageRows& rows) const {
  const auto document = page.xml(xpath.names() == Names::written, lenient);
  if (!document) return document.error();
  const bool is_html = page.markup() == Markup::html;
  const auto values =
      xpath.evaluate(*document.value(), is_html ? copies_of(rows.html, *document.value()) : rows.xml);
  if (!values) return values.error();
  std::vector<std::string> column;
  for (const auto& value : values.value()) {
    FoundItems items;
    add_value(items, page, value);
    column.push_back(items.first());
  }
  return column;
}

template <class Node, class Matcher>
Result<std::vector<std::string>> Finder::Machine::css_column(Page& page, const std::vector<const Node*>& rows,
                                                             const Matcher& matcher) const {
  std::vector<std::string> column;
  std::size_t looks = 0;
  for (const Node* row : rows) {
    FoundItems items;
    looks += matcher.for_each_match(*row, [&](const Node& node) {
      take(items, page, node);
      return items.empty();
    });
    if (looks > kMostLooks) return Error(Errc::filter_error, "rows are too deep within rows");
    column.push_back(items.first());
  }
  return column;
}

template <class Node>
std::vector<std::string> Finder::Machine::own_column(Page& page, const std::vector<const Node*>& rows) const {
  std::vector<std::string> column;
  for (const Node* row : rows) {
    FoundItems items;
    take(items, page, *row);
    column.push_back(items.first());
  }
  return column;
}

Finder::Finder(std::unique_ptr<Machine> machine) : machine_(std::move(machine)) {}
Finder::Finder(Finder&&) noexcept = default;
Finder& Finder::operator=(Finder&&) noexcept = default;
Finder::~Finder() = default;

Compiled<Finder> Finder::compile(const Extractor::Find& what) {
  if (what.text.empty()) return Finder(std::make_unique<Machine>(Itself(), what));
  if (what.language == Extractor::Language::css) {
    auto made = parse_selector(what.text);
    if (auto fault = fault_of(made)) return std::move(*fault);
    // A process in its sandbox can't load it any more.
    if (what.lenient) static_cast<void>(libxml());
    return Finder(std::make_unique<Machine>(Css(std::get<Selector>(made), what.attr), what));
  }
  auto made = Xpath::compile(what.text);
  if (auto fault = fault_of(made)) return std::move(*fault);
  return Finder(std::make_unique<Machine>(std::get<Xpath>(std::move(made)), what));
}

Result<std::string> Finder::all(Page& page) const {
  FoundItems items;
  if (const auto* xpath = std::get_if<Xpath>(&machine_->language)) {
    const auto value = value_of(*xpath, page, machine_->lenient);
    if (!value) return value.error();
    machine_->add_value(items, page, value.value());
  } else if (const auto& css = std::get<Css>(machine_->language); !take_from_tags(css, page, items)) {
    const auto take = [&](const auto& node) { machine_->take(items, page, node); };
    if (auto error = each_match(css, page, machine_->lenient, take)) return std::move(*error);
  }
  return std::move(items).take();
}

Result<PageRows> Finder::rows(Page& page) const {
  PageRows rows;
  if (const auto* xpath = std::get_if<Xpath>(&machine_->language)) {
    const auto value = value_of(*xpath, page, machine_->lenient);
    if (!value) return value.error();
    const auto* nodes = std::get_if<Xpath::Nodes>(&value.value());
    if (nodes == nullptr) return Error(Errc::filter_error, "xpath= gives a value where rows belong");
    for (const xmlNode* node : *nodes) {
      if (const auto* copied = copied_from(*node)) {
        rows.html.push_back(copied);
      } else if (node->type == XML_ELEMENT_NODE) {
        rows.xml.push_back(node);
      }
    }
    return rows;
  }
  const auto add = [&](const auto& node) { add_row(rows, node); };
  if (auto error = each_match(std::get<Css>(machine_->language), page, machine_->lenient, add))
    return std::move(*error);
  return rows;
}

Result<std::vector<std::string>> Finder::column(Page& page, const PageRows& rows) const {
  const Machine& machine = *machine_;
  const bool is_html = page.markup() == Markup::html;
  if (const auto* xpath = std::get_if<Xpath>(&machine.language))
    return machine.xpath_column(*xpath, page, rows);
  if (const auto* css = std::get_if<Css>(&machine.language)) {
    return is_html ? machine.css_column(page, rows.html, css->html)
                   : machine.css_column(page, rows.xml, css->xml);
  }
  return is_html ? machine.own_column(page, rows.html) : machine.own_column(page, rows.xml);
}

}  // namespace leat::pipelines
