#include <fmt/format.h>

#include <iterator>

#include "tests/support/origin/handlers.hpp"

namespace leat::origin {
namespace {

constexpr std::uint64_t kMaxLinks = 10'000;
constexpr std::uint64_t kMaxItems = 10'000;
constexpr std::uint64_t kMaxPages = 1'000'000'000'000;

/// The parameter as a number: `fallback` if it is missing, nothing if it is malformed or too large.
std::optional<std::uint64_t> number_parameter(const Target& target, std::string_view name,
                                              std::uint64_t fallback, std::uint64_t limit) {
  if (!target.parameter(name)) return fallback;
  const auto number = target.parameter_number(name);
  return number && *number <= limit ? number : std::nullopt;
}

/// The way from the page's own URL up to /page/.
std::string way_up(const Target& target) {
  std::string way;
  for (const char c : target.after_segment(1)) {
    if (c == '/') way.append("../");
  }
  return way;
}

}  // namespace

bool answer_help(const Exchange& exchange) {
  exchange.response.text(200, routes_text());
  return true;
}

/// Every other link is relative. All pages N link to the same pages N+1, so a crawl grows by L pages in each
/// level.
bool answer_page(const Exchange& exchange) {
  const Target& target = exchange.target();
  const auto page = target.number(1);
  const auto links = number_parameter(target, "links", 10, kMaxLinks);
  if (!page || !links) return false;
  const std::string up = way_up(target);
  const std::string query = target.parameter("links") ? fmt::format("?links={}", *links) : "";
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html>\n<head><title>Page {0}</title></head>\n<body>\n<h1>Page {0}</h1>\n<ul>\n",
      *page);
  for (std::uint64_t i = 0; i < *links; ++i) {
    fmt::format_to(std::back_inserter(html), "<li><a href=\"{}{}/{}{}\">link {}</a></li>\n",
                   i % 2 == 0 ? "/page/" : up, *page + 1, i, query, i);
  }
  html.append("</ul>\n</body>\n</html>\n");
  exchange.response.text(200, html, kHtmlType);
  return true;
}

/// Page I links to 2I+1 and 2I+2, which makes a tree of all pages, and to others across it, first to itself.
bool answer_ring(const Exchange& exchange) {
  const Target& target = exchange.target();
  const auto pages = target.number(1);
  const auto page = target.number(2);
  const auto links = number_parameter(target, "links", 10, kMaxLinks);
  if (!pages || !page || !links || *pages == 0 || *page >= *pages) return false;
  const std::string query = target.parameter("links") ? fmt::format("?links={}", *links) : "";
  std::string html =
      fmt::format("<!DOCTYPE html>\n<html>\n<head><title>Page {}</title></head>\n<body>\n", *page);
  for (std::uint64_t i = 0; i < *links; ++i) {
    const std::uint64_t to = i < 2 ? 2 * *page + 1 + i : (*page * (i - 1) + (i - 2) * 7) % *pages;
    fmt::format_to(std::back_inserter(html), "<a href=\"/ring/{}/{}{}\">link {}</a>\n", *pages, to % *pages,
                   query, i);
  }
  html.append("</body>\n</html>\n");
  exchange.response.text(200, html, kHtmlType);
  return true;
}

bool answer_json(const Exchange& exchange) {
  const Target& target = exchange.target();
  const auto page = number_parameter(target, "page", 1, kMaxPages);
  const auto per = number_parameter(target, "per", 10, kMaxItems);
  const auto pages = number_parameter(target, "pages", 3, kMaxPages);
  if (target.raw_segment(1) != "items" || !page || *page == 0 || !per || !pages) return false;
  if (lacks_token(exchange)) return true;
  const auto token = target.parameter("token");
  std::string json = "{\"items\":[";
  for (std::uint64_t i = 0; *page <= *pages && i < *per; ++i) {
    const std::uint64_t id = (*page - 1) * *per + i + 1;
    fmt::format_to(std::back_inserter(json), "{}{{\"id\":{},\"url\":\"/ok/{}\"}}", i > 0 ? "," : "", id, id);
  }
  if (*page < *pages) {
    const std::string next = fmt::format("/json/items?page={}&per={}&pages={}{}", *page + 1, *per, *pages,
                                         token ? fmt::format("&token={}", *token) : "");
    exchange.response.header("Link", fmt::format("<{}>; rel=\"next\"", next));
    fmt::format_to(std::back_inserter(json), "],\"next\":\"{}\"}}\n", next);
  } else {
    json.append("],\"next\":null}\n");
  }
  exchange.response.text(200, json, kJsonType);
  return true;
}

}  // namespace leat::origin
