#include <fmt/format.h>

#include <array>
#include <iterator>

#include "tests/support/origin/handlers.hpp"
#include "tests/support/origin/pattern.hpp"

namespace leat::origin {
namespace {

constexpr std::uint64_t kMaxListed = 10'000;
constexpr std::uint64_t kIndexFileSize = 1000;

/// "http://127.0.0.1:8099", as the client named this server.
std::string base_of(const Request& request) {
  return fmt::format("http://{}", request.header("host").value_or("127.0.0.1"));
}

void start_html(std::string& html, std::string_view title) {
  fmt::format_to(std::back_inserter(html),
                 "<!DOCTYPE html>\n<html>\n<head><title>{0}</title></head>\n<body>\n<h1>{0}</h1>\n", title);
}

void link_to(std::string& html, std::string_view target) {
  fmt::format_to(std::back_inserter(html), "<a href=\"{0}\">{0}</a>\n", target);
}

/// Where a site that has several hosts has that page: on 127.0.0.1 to 127.0.0.H.
std::string host_of_page(const Request& request, std::uint64_t page, std::uint64_t hosts) {
  const std::string base = base_of(request);
  const auto port = base.find(':', base.find("//"));
  return fmt::format("http://127.0.0.{}{}", page % hosts + 1,
                     port == std::string::npos ? "" : base.substr(port));
}

}  // namespace

/// Has pages 0 to N-1. From page 0 the links to 2I+1 and 2I+2 reach all pages; the links to the next page, to
/// page 0 and to itself make cycles.
bool answer_site(const Exchange& exchange) {
  const Target& target = exchange.target();
  const auto pages = target.number(1);
  const auto page = target.raw_segment(2).empty() ? std::optional<std::uint64_t>(0) : target.number(2);
  if (!pages || *pages == 0 || !page) return false;
  if (*page >= *pages) {
    exchange.response.text(404, "no such page\n");
    return true;
  }
  const std::string query = target.query().empty() ? "" : fmt::format("?{}", target.query());
  std::string html;
  start_html(html, fmt::format("Page {} of {}", *page, *pages));
  const auto hosts = target.parameter_number("hosts").value_or(0);
  const auto url_of = [&](std::uint64_t other) {
    const std::string host = hosts > 0 ? host_of_page(exchange.request, other, hosts) : "";
    return fmt::format("{}/site/{}/{}{}", host, *pages, other, query);
  };
  for (const std::uint64_t other : {2 * *page + 1, 2 * *page + 2}) {
    if (other < *pages) link_to(html, url_of(other));
  }
  const std::uint64_t next = (*page + 1) % *pages;
  link_to(html, hosts > 0 ? url_of(next) : fmt::format("{}{}", next, query));
  link_to(html, url_of(0));
  link_to(html, fmt::format("{}{}#top", *page, query));
  const auto broken = target.parameter_number("broken");
  if (broken && *broken > 0 && *page % *broken == 0) {
    link_to(html, fmt::format("/status/404/linked-from/{}", *page));
  }
  for (const char* const image : {"a", "b"}) {
    fmt::format_to(std::back_inserter(html), "<img src=\"/ok/img/{}{}.png\" alt=\"{}\">\n", *page, image,
                   image);
  }
  exchange.response.text(200, html.append("</body>\n</html>\n"), kHtmlType);
  return true;
}

/// Sitemaps protocol 0.9.
bool answer_sitemap(const Exchange& exchange) {
  const Target& target = exchange.target();
  const auto pages = target.number(1);
  const auto maps = target.parameter_number("maps");
  if (!pages || *pages > kMaxListed || (maps && *maps > kMaxListed)) return false;
  const std::string base = base_of(exchange.request);
  const bool is_index = maps.has_value();
  std::string xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{} "
      "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
      is_index ? "sitemapindex" : "urlset");
  for (std::uint64_t i = 0; i < (is_index ? *maps : *pages); ++i) {
    if (is_index) {
      fmt::format_to(std::back_inserter(xml), "<sitemap><loc>{}/sitemap/{}/{}.xml</loc></sitemap>\n", base,
                     *pages, i);
    } else {
      fmt::format_to(std::back_inserter(xml),
                     "<url><loc>{}/ok{}/{}</loc><lastmod>2026-01-{:02}</lastmod></url>\n", base,
                     target.path(), i, i % 28 + 1);
    }
  }
  xml.append(is_index ? "</sitemapindex>\n" : "</urlset>\n");
  exchange.response.text(200, xml, "application/xml");
  return true;
}

/// Shows a directory as a web server does: two files, and two directories as long as the path has fewer than
/// `depth`, together with the links for sorting, and the one up, that a mirror must not follow.
bool answer_index(const Exchange& exchange) {
  const Target& target = exchange.target();
  const auto depth = target.number(1);
  if (!depth || *depth > kMaxListed) return false;
  const std::string_view below = target.after_segment(1);
  if (below.empty()) return false;
  if (!below.ends_with('/')) {
    std::string bytes(kIndexFileSize, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = pattern_byte(i);
    exchange.response.text(200, bytes, kBinaryType);
    return true;
  }
  std::uint64_t level = 0;
  for (const char c : below.substr(1)) level += c == '/' ? 1 : 0;
  std::string html;
  start_html(html, fmt::format("Index of {}", target.path()));
  link_to(html, "?C=N;O=D");
  link_to(html, "../");
  for (const char* const name : {"one.bin", "two.bin"}) link_to(html, name);
  if (level < *depth) {
    for (const char* const name : {"left/", "right/"}) link_to(html, name);
  }
  exchange.response.text(200, html.append("</body>\n</html>\n"), kHtmlType);
  return true;
}

/// One record of an API. In another version, every third record has another price.
bool answer_item(const Exchange& exchange) {
  const Target& target = exchange.target();
  const auto id = target.number(1);
  const auto version = target.parameter_number("version");
  if (!id) return false;
  const std::uint64_t price = *id * 10 + (*id % 3 == 0 ? version.value_or(0) : 0);
  exchange.response.text(200, fmt::format("{{\"id\":{0},\"name\":\"item {0}\",\"price\":{1}}}\n", *id, price),
                         kJsonType);
  return true;
}

}  // namespace leat::origin
