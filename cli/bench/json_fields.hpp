#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/load/histogram.hpp"
#include "engine/text/json_writer.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

/// The kinds of members that a benchmark's document is made of, for its writer to derive from: what is not
/// known is null. It is a value, for one thread.
class JsonFields {
 protected:
  void key(std::string_view name) { json_.key(name); }
  // Whatever bytes a server or a user gave: they are shown as on a terminal.
  void value(std::string_view text) { json_.string(text::escaped(text)); }
  void text(std::string_view name, std::string_view what) {
    key(name);
    value(what);
  }
  void count(std::string_view name, std::uint64_t number) { json_.member(name, number); }
  void real(std::string_view name, double number, int decimals = 6) {
    key(name);
    json_.number(number, decimals);
  }
  void real_or_null(std::string_view name, const std::optional<double>& number, int decimals) {
    key(name);
    number ? json_.number(*number, decimals) : json_.null();
  }
  void time(std::string_view name, const load::Quantile& quantile, bool known = true) {
    key(name);
    known && !quantile.censored ? json_.number(quantile.value) : json_.null();
  }
  void time_p99(std::string_view name, const load::Histogram& histogram) {
    time(name, histogram.percentile(99), histogram.total() > 0);
  }

  text::JsonWriter json_;
};

}  // namespace leat::cli
