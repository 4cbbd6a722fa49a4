// Measures links out of a page of 50 (or of the file LEAT_BENCH_PAGE), beside gumbo that only parses and
// frees it: the aim is at most 30 % more than that.

#include <benchmark/benchmark.h>
#include <gumbo.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <variant>

#include "pipelines/extract/extractor.hpp"
#include "pipelines/extract/page.hpp"

using namespace leat::pipelines;

namespace {

std::string page() {
  if (const char* file = std::getenv("LEAT_BENCH_PAGE")) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string html = "<!DOCTYPE html><html><head><title>Page</title><meta charset=utf-8></head><body><ul>\n";
  for (int i = 0; i < 50; ++i) {
    const std::string number = std::to_string(i);
    html += "<li class=\"item\"><a href=\"/page/" + number + ".html\">Link number " + number +
            "</a> and some text behind it</li>\n";
  }
  return html + "</ul></body></html>\n";
}

void parse_by_gumbo_alone(benchmark::State& state) {
  const std::string html = page();
  for (auto _ : state) {
    GumboOutput* output = gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size());
    benchmark::DoNotOptimize(output);
    gumbo_destroy_output(&kGumboDefaultOptions, output);
  }
}

void extract(benchmark::State& state, Extractor::Language language, std::string text, std::string attr) {
  const std::string html = page();
  Extractor::What what;
  what.language = language;
  what.text = std::move(text);
  what.attr = std::move(attr);
  const auto made = Extractor::compile(what);
  const auto& extractor = std::get<Extractor>(made);
  for (auto _ : state) {
    Page body(html, "text/html; charset=utf-8", "http://h.example/dir/");
    auto links = extractor.extract(body);
    benchmark::DoNotOptimize(links);
  }
}

void links_by_css(benchmark::State& state) { extract(state, Extractor::Language::css, "a[href]", "href"); }
void links_by_xpath(benchmark::State& state) { extract(state, Extractor::Language::xpath, "//a/@href", ""); }
void links_by_regex(benchmark::State& state) {
  extract(state, Extractor::Language::regex, "href=\"([^\"]+)", "");
}

}  // namespace

BENCHMARK(parse_by_gumbo_alone);
BENCHMARK(links_by_css);
BENCHMARK(links_by_xpath);
BENCHMARK(links_by_regex);
