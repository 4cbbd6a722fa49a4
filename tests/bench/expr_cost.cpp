// The cost of `where (…) | each (…)` on one record, its JSON's parse included, without the pipeline around
// it.
//
//   expr_cost [RECORDS]        prints the time of each step a record
//   valgrind --tool=callgrind expr_cost 10000

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "pipelines/expr/native_program.hpp"

using namespace leat::pipelines;

namespace {

std::string record(unsigned number) {
  std::string text = fmt::format(
      R"({{"id":{0},"status":{1},"url":"https://example.org/items/{0}?page=3","meta":{{"host":"example.org","tags":["a","b","c"],"score":12.{0}}},)"
      R"("items":[{{"url":"/detail/{0}/1","title":"First \u00e9 of {0}"}},{{"url":"/detail/{0}/2","title":"Second of {0}"}}],"note":")",
      number, number % 4 == 0 ? 404 : 200);
  while (text.size() < 490) text += "lorem ipsum "[text.size() % 12];
  return text.substr(0, 498) + "\"}";
}

template <class Step>
void measure(const char* name, unsigned records, Step step) {
  const auto start = std::chrono::steady_clock::now();
  std::size_t bytes = 0;
  for (unsigned i = 0; i < records; ++i) bytes += step(i);
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  fmt::print("{:24} {:8.0f} ns a record, {} bytes out\n", name, took.count() / records, bytes);
}

}  // namespace

int main(int argc, char** argv) {
  const unsigned records = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 200'000;
  const auto where = NativeProgram::compile(".status == 200 and (.url | startswith(\"https://\"))");
  const auto each = NativeProgram::compile(".items[] | {url, title}");
  if (!where || !each) return 1;
  std::string texts[64];
  for (unsigned i = 0; i < 64; ++i) texts[i] = record(i);
  JsonDoc doc;
  NativeProgram::Scratch scratch;
  std::string out;
  const auto parse = [&](unsigned i) {
    if (doc.parse(texts[i % 64])) std::abort();
    return texts[i % 64].size();
  };
  const auto filter = [&] {
    bool passes = false;
    if (where->run(doc.root(), scratch, [&](JsonValue value) { passes = value.truthy(); })) std::abort();
    return passes;
  };
  const auto emit = [&] {
    out.clear();
    if (each->run(doc.root(), scratch, [&](JsonValue value) {
          value.append_to(out);
          out += '\n';
        })) {
      std::abort();
    }
    return out.size();
  };
  measure("parse", records, parse);
  measure("parse, where", records, [&](unsigned i) {
    parse(i);
    return std::size_t{filter()};
  });
  measure("parse, where, each", records, [&](unsigned i) {
    parse(i);
    return filter() ? emit() : 0;
  });
  return 0;
}
