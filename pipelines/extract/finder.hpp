#pragma once

#include <gumbo.h>
#include <libxml/tree.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/extract/extractor.hpp"

namespace leat::pipelines {

class Page;

/// The rows of a page: elements of gumbo's tree if it is HTML, or else of libxml2's. The page outlives them.
struct PageRows {
  std::vector<const GumboNode*> html;
  std::vector<const xmlNode*> xml;

  [[nodiscard]] std::size_t size() const noexcept { return html.size() + xml.size(); }
};

/// A CSS selector or an XPath, compiled, together with what is taken of each find. See Extractor. One thread
/// at a time.
class Finder {
 public:
  /// `what` is no regular expression. One that names nothing at all (an empty text) finds the row itself.
  [[nodiscard]] static Compiled<Finder> compile(const Extractor::Find& what);

  Finder(Finder&&) noexcept;
  Finder& operator=(Finder&&) noexcept;
  ~Finder();

  // Each of these gives filter_error for what is wrong with the page.

  /// All finds on the page as a JSON array.
  [[nodiscard]] Result<std::string> all(Page& page) const;
  /// All elements found; an XPath that gives no nodes is an error.
  [[nodiscard]] Result<PageRows> rows(Page& page) const;
  /// For each row the first find within it as JSON, or null. Rows within rows that would take far more time
  /// than the page's size explains are an error.
  [[nodiscard]] Result<std::vector<std::string>> column(Page& page, const PageRows& rows) const;

 private:
  struct Machine;
  explicit Finder(std::unique_ptr<Machine> machine);

  std::unique_ptr<Machine> machine_;
};

}  // namespace leat::pipelines
