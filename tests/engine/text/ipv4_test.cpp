#include "engine/text/ipv4.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>

#include <string>

using leat::text::is_ipv4;

TEST_CASE("is_ipv4: it agrees with inet_pton") {
  for (const std::string text : {"127.0.0.1",
                                 "0.0.0.0",
                                 "255.255.255.255",
                                 "1.2.3.4",
                                 "256.1.1.1",
                                 "1.1.1.256",
                                 "1.2.3",
                                 "1.2.3.4.5",
                                 "",
                                 ".",
                                 "...",
                                 "1.2.3.",
                                 ".1.2.3",
                                 "1..2.3",
                                 "01.2.3.4",
                                 "1.2.3.00",
                                 "1.2.3.4 ",
                                 " 1.2.3.4",
                                 "1.2.3.4x",
                                 "1.2.3.4.example",
                                 "1.2.3.-4",
                                 "0x1.2.3.4",
                                 "1.2.3.1000000000000",
                                 "localhost",
                                 "[::1]"}) {
    CAPTURE(text);
    in_addr ignored{};
    CHECK(is_ipv4(text) == (inet_pton(AF_INET, text.c_str(), &ignored) == 1));
  }
}
