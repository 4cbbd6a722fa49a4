#pragma once

#include <string_view>

namespace leat::cli {

/// One option as users see it. The parser, the help and the check of the man page read these.
struct Flag {
  std::string_view short_name;  // without its dash; may be empty
  std::string_view long_name;   // without its dashes
  std::string_view value;       // what stands for its value; empty: a switch
  std::string_view help;        // one sentence without its full stop
  std::string_view group;       // the heading in --help
};

}  // namespace leat::cli
