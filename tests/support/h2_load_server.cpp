#include "tests/support/h2_load_server.hpp"

#include <rapidjson/document.h>

#include <csignal>
#include <stdexcept>

namespace leat::tests {

Http2LoadServer::Http2LoadServer(const std::string& behaviour)
    : process_({"python3", std::string(LEAT_SOURCE_DIR) + "/tests/support/h2_load_server.py", behaviour}) {
  const auto line = process_.read_line();
  if (!line || !line->starts_with("port ")) throw std::runtime_error("h2_load_server.py did not start");
  url_ = "http://127.0.0.1:" + line->substr(5) + "/";
}

Http2LoadServer::Counts Http2LoadServer::end() {
  process_.signal(SIGTERM);
  rapidjson::Document json;
  json.Parse(process_.wait().out.c_str());
  Counts counts;
  if (json.HasParseError() || !json.IsObject()) throw std::runtime_error("h2_load_server.py has no counts");
  for (rapidjson::SizeType i = 0; i < json.MemberCount(); ++i) {  // its iterators are ambiguous for clang
    const auto member = json.MemberBegin() + static_cast<std::ptrdiff_t>(i);
    counts[member->name.GetString()] = member->value.GetUint64();
  }
  return counts;
}

}  // namespace leat::tests
