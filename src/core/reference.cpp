// The plain loops: what a student reads, steps through and writes, and every fast kernel's test oracle.

#include "hourglass/core/reference.hpp"

#include <algorithm>
#include <cmath>

namespace hourglass::reference {

// ---- Products --------------------------------------------------------------------------------------

// C = A B^T
void matmul_nt(Matrix& C, const Matrix& A, const Matrix& B) {
    for (std::size_t i = 0; i < C.rows(); ++i) {
        for (std::size_t j = 0; j < C.cols(); ++j) {
            for (std::size_t k = 0; k < A.cols(); ++k) {
                C(i, j) += A(i, k) * B(j, k);  // c_ij = sum_k a_ik b_jk
            }
        }
    }
}

// C = A B
void matmul_nn(Matrix& C, const Matrix& A, const Matrix& B) {
    for (std::size_t i = 0; i < C.rows(); ++i) {
        for (std::size_t j = 0; j < C.cols(); ++j) {
            for (std::size_t k = 0; k < A.cols(); ++k) {
                C(i, j) += A(i, k) * B(k, j);  // c_ij = sum_k a_ik b_kj
            }
        }
    }
}

// C = A^T B
void matmul_tn(Matrix& C, const Matrix& A, const Matrix& B) {
    for (std::size_t i = 0; i < C.rows(); ++i) {
        for (std::size_t j = 0; j < C.cols(); ++j) {
            for (std::size_t k = 0; k < A.rows(); ++k) {
                C(i, j) += A(k, i) * B(k, j);  // c_ij = sum_k a_ki b_kj
            }
        }
    }
}

// ---- Rows ------------------------------------------------------------------------------------------

// z_ij += b_j
void add_to_rows(Matrix& Z, Given b) {
    for (std::size_t i = 0; i < Z.rows(); ++i) {
        for (std::size_t j = 0; j < Z.cols(); ++j) {
            Z(i, j) += b[j];
        }
    }
}

// s_j = sum_i v_ij
void sum_rows(Values s, const Matrix& V) {
    std::ranges::fill(s, Scalar{0});
    for (std::size_t i = 0; i < V.rows(); ++i) {
        for (std::size_t j = 0; j < V.cols(); ++j) {
            s[j] += V(i, j);
        }
    }
}

// s_j = sum_r v_rj
void sum_channels(Values s, const Matrix& V) {
    std::ranges::fill(s, Scalar{0});
    for (std::size_t p = 0; p < V.size(); ++p) {
        s[p % s.size()] += V.flat()[p];
    }
}

// ---- Activations, element by element ---------------------------------------------------------------

// y = exp x
void exp(Values y, Given x) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        y[i] = std::exp(x[i]);
    }
}

// a = tanh z
void tanh(Values a, Given z) {
    for (std::size_t i = 0; i < z.size(); ++i) {
        a[i] = std::tanh(z[i]);
    }
}

// dz = da (1 - a^2)
void tanh_backward(Values dz, Given da, Given a) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        dz[i] = da[i] * (1 - a[i] * a[i]);
    }
}

// a = 1 / (1 + exp(-z))
void sigmoid(Values a, Given z) {
    for (std::size_t i = 0; i < z.size(); ++i) {
        a[i] = 1 / (1 + std::exp(-z[i]));  // exp overflows to infinity for z << 0, and a is then 0
    }
}

// dz = da a (1 - a)
void sigmoid_backward(Values dz, Given da, Given a) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        dz[i] = da[i] * a[i] * (1 - a[i]);
    }
}

// a = z > 0 ? z : alpha z
void leaky_relu(Values a, Given z, Scalar alpha) {
    for (std::size_t i = 0; i < z.size(); ++i) {
        a[i] = z[i] > 0 ? z[i] : alpha * z[i];
    }
}

// dz = a > 0 ? da : alpha da
void leaky_relu_backward(Values dz, Given da, Given a, Scalar alpha) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        dz[i] = a[i] > 0 ? da[i] : alpha * da[i];
    }
}

// ---- Losses ----------------------------------------------------------------------------------------

// dy = scale (y - t)
double squared_error(Values dy, Given y, Given t, Scalar scale) {
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const Scalar difference = y[i] - t[i];
        dy[i] = scale * difference;
        sum += static_cast<double>(difference) * static_cast<double>(difference);
    }
    return sum;
}

// sum_i softplus(scale z_i) - (shift + t_i) z_i, where softplus(x) = ln(1 + exp(x))
double cross_entropy_sum(Given z, Given t, double scale, double shift) {
    double sum = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
        const double z_i = static_cast<double>(z[i]);
        const double x = scale * z_i;
        const double softplus = std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));  // never infinite
        sum += softplus - (shift + static_cast<double>(t[i])) * z_i;
    }
    return sum;
}

// ---- Steps of the optimizers -----------------------------------------------------------------------

// Momentum mu, velocity v:  v = mu v + g     w -= eta v,  or Nesterov's  w -= eta (g + mu v)
void sgd_update(Values w, Values v, Given g, const SgdUpdate& update) {
    const auto [eta, mu, nesterov] = update;
    for (std::size_t i = 0; i < w.size(); ++i) {
        v[i] = mu * v[i] + g[i];
        w[i] -= eta * (nesterov ? g[i] + mu * v[i] : v[i]);
    }
}

// G += g^2     w -= eta g / (sqrt(G) + eps)
void adagrad_update(Values w, Values G, Given g, const AdagradUpdate& update) {
    const auto [eta, eps] = update;
    for (std::size_t i = 0; i < w.size(); ++i) {
        G[i] += g[i] * g[i];
        w[i] -= eta * g[i] / (std::sqrt(G[i]) + eps);
    }
}

// m += (1 - beta1) (g - m)     v += (1 - beta2) (g^2 - v)     w -= eta m_hat / (sqrt(v_hat) + eps)
void adam_update(Values w, Values m, Values v, Given g, const AdamUpdate& update) {
    const auto [eta, eps, one_minus_beta1, one_minus_beta2, correct1, correct2] = update;
    for (std::size_t i = 0; i < w.size(); ++i) {
        m[i] += one_minus_beta1 * (g[i] - m[i]);
        v[i] += one_minus_beta2 * (g[i] * g[i] - v[i]);
        const Scalar m_hat = m[i] * correct1;
        const Scalar v_hat = v[i] * correct2;
        w[i] -= eta * m_hat / (std::sqrt(v_hat) + eps);
    }
}

// ---- Convolutions ----------------------------------------------------------------------------------

// Row r of P: the numbers under the window at place r
void gather_patches(Matrix& P, const Matrix& X, const Window& window) {
    for (std::size_t r = 0; r < P.rows(); ++r) {
        const std::size_t i = r / window.places(), place = r % window.places();
        for (std::size_t k = 0; k < P.cols(); ++k) {
            const std::size_t pixel = window.position(place, k);
            P(r, k) = pixel < X.cols() ? X(i, pixel) : 0;  // 0 on the border
        }
    }
}

// Each pixel: the sum of all numbers of P that lie over it
void sum_patches(Matrix& X, const Matrix& P, const Window& window) {
    for (std::size_t r = 0; r < P.rows(); ++r) {
        const std::size_t i = r / window.places(), place = r % window.places();
        for (std::size_t k = 0; k < P.cols(); ++k) {
            const std::size_t pixel = window.position(place, k);
            if (pixel < X.cols()) {
                X(i, pixel) += P(r, k);
            }
        }
    }
}

// z_rj += b_j, if there is a bias
void add_to_channels(Matrix& Z, Given b) {
    for (std::size_t p = 0; p < Z.size() && !b.empty(); ++p) {
        Z.flat()[p] += b[p % b.size()];
    }
}

// P = patches(X)     Z = P W^T + b
void convolve(Matrix& Z, Matrix& P, const Matrix& X, const Matrix& W, Given b, const Window& window) {
    gather_patches(P, X, window);
    const Values z = Z.flat();  // z_rj, the channels of place r side by side
    for (std::size_t r = 0; r < P.rows(); ++r) {
        for (std::size_t j = 0; j < W.rows(); ++j) {
            for (std::size_t k = 0; k < P.cols(); ++k) {
                z[r * W.rows() + j] += P(r, k) * W(j, k);  // z_rj = sum_k p_rk w_jk
            }
        }
    }
    add_to_channels(Z, b);
}

// P = Z W     X = each pixel's sum over the patches it is in, + b
void convolve_transposed(Matrix& X, Matrix& P, const Matrix& Z, const Matrix& W, Given b,
                         const Window& window) {
    const Given z = Z.flat();
    for (std::size_t r = 0; r < P.rows(); ++r) {
        for (std::size_t k = 0; k < P.cols(); ++k) {
            for (std::size_t j = 0; j < W.rows(); ++j) {
                P(r, k) += z[r * W.rows() + j] * W(j, k);  // p_rk = sum_j z_rj w_jk
            }
        }
    }
    sum_patches(X, P, window);
    add_to_channels(X, b);
}

// P = patches(X)     W = Z^T P
void convolve_weights(Matrix& W, Matrix& P, const Matrix& Z, const Matrix& X, const Window& window) {
    gather_patches(P, X, window);
    const Given z = Z.flat();
    for (std::size_t j = 0; j < W.rows(); ++j) {
        for (std::size_t k = 0; k < P.cols(); ++k) {
            for (std::size_t r = 0; r < P.rows(); ++r) {
                W(j, k) += z[r * W.rows() + j] * P(r, k);  // w_jk = sum_r z_rj p_rk
            }
        }
    }
}

// f_i = sum_j m_j w_ij^2 (y_i - s_j)     z_i = sum_j m_j w_ij
void repulsion(Values fx, Values fy, Values z, Given x, Given y, const Repelling& s) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        fx[i] = fy[i] = z[i] = 0;
        for (std::size_t j = 0; j < s.x.size(); ++j) {
            const Scalar dx = x[i] - s.x[j], dy = y[i] - s.y[j];
            const Scalar w = 1 / (1 + dx * dx + dy * dy);
            z[i] += s.mass[j] * w;
            fx[i] += s.mass[j] * w * w * dx;
            fy[i] += s.mass[j] * w * w * dy;
        }
    }
}

}  // namespace hourglass::reference
