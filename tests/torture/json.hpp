// The results for programs.
#pragma once

#include <string>

#include "run.hpp"

namespace hupd::torture {

std::string json(const Results& results);

}  // namespace hupd::torture
