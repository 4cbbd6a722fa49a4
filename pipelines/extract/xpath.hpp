#pragma once

#include <libxml/xpath.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/extract/xml_document.hpp"

namespace leat::pipelines {

/// What libxml2 doesn't look at when it compiles an XPath expression: its prefixes, and whether its functions
/// exist and it has variables, which is a fault, as is a quote that is left open.
struct XpathNames {
  std::vector<std::string> prefixes;  // each once, in no order
  bool on_elements = false;           // a prefix is that of an element's name, not only of attributes'
  std::optional<TextFault> fault;
};

[[nodiscard]] XpathNames xpath_names(std::string_view expression);

/// A compiled XPath 1.0 expression.
///
/// Namespaces: an expression without a prefix on an element's name sees local names only, so that `//loc`
/// finds what a sitemap has in its default namespace. One with a prefix (`//media:content`) sees names as the
/// document writes them: a prefix means what the document declares it to be (svg, math, xlink and xml need no
/// declaration; what nobody declares matches nothing), and names without a prefix are those without one
/// there. Attributes are always seen as written.
///
/// Names are compared as they are: those of HTML are lower case. Variables and functions besides XPath's own
/// 27 are refused when compiled. One thread at a time.
///
/// Nothing bounds the time it takes. libxml2 2.9.14 has a limit of steps (opLimit), but doesn't count what
/// joining sets of nodes costs, and looks for duplicates one by one: a union of two sets of 20,000 nodes
/// takes a second, and what joins the `preceding-sibling::*` of every item of a long list can take minutes.
/// Nor has it a way to stop what runs. Hence a JqWorker's process evaluates for `extract`. CSS takes linear
/// time.
class Xpath {
 public:
  [[nodiscard]] static Compiled<Xpath> compile(const std::string& text);

  /// What an expression gives: nodes in document order, or one value.
  using Nodes = std::vector<const xmlNode*>;
  using Value = std::variant<Nodes, std::string, double, bool>;

  /// filter_error with libxml2's words for what can't be known before (an argument that is no node set). The
  /// nodes are the document's; nodes of the namespace axis are left out.
  [[nodiscard]] Result<Value> evaluate(const XmlDocument& document) const;

  [[nodiscard]] Names names() const noexcept { return names_; }

 private:
  struct FreeExpression {
    void operator()(xmlXPathCompExpr* expression) const noexcept;
  };

  std::unique_ptr<xmlXPathCompExpr, FreeExpression> expression_;
  std::vector<std::string> prefixes_;  // of elements and attributes
  Names names_ = Names::local;
};

/// A TextCheck.
[[nodiscard]] std::optional<TextFault> check_xpath(const std::string& text);

}  // namespace leat::pipelines
