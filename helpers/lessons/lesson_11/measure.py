"""How a loss changes with the parameters of a layer, measured: the other side of Eq. (52) in lesson 11."""

from helpers.layers import Dense
from helpers.numerical import numerical_jacobian


def slopes_in_parameters(L, layers, places):
    """[dL/dW, dL/db] of the layer that stands at all `places` of the list `layers`, by the complex step.

    L(layers) is the loss, one number. W is (M, N) and b is (M, 1). dL/dW is one row (1, MN), the columns of W one
    after the other, and dL/db is (1, M).
    """
    layer = layers[places[0]]
    M, N = layer.W.shape

    def changed(W, b):
        return L([Dense(W, b, layer.sigma) if i in places else other for i, other in enumerate(layers)])

    def of_the_columns(w):
        return changed(w.reshape(N, M).T, layer.b)

    dL_dW = numerical_jacobian(of_the_columns, layer.W.T.reshape(-1, 1))
    return [dL_dW, numerical_jacobian(lambda b: changed(layer.W, b), layer.b)]
