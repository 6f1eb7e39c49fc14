// The results for people.
#pragma once

#include <string>

#include "run.hpp"

namespace hupd::torture {

std::string table(const Results& results);

struct Spread {  // over the reloads that switched
  std::size_t count = 0;
  Duration median{}, longest{};
};
Spread first_new(const Results& results);
Spread last_old(const Results& results);

}  // namespace hupd::torture
