"""The arrays are cast to single precision first.

Fails: test_gmm_log_likelihood, test_gmm_log_likelihood_other_inputs, test_gmm_log_likelihood_far_tails, test_e_step_other_inputs, test_e_step_far_tails, test_m_step, test_m_step_other_inputs
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    samples = np.asarray(samples, dtype=np.float32)
    logs = [
        np.log(w) + gaussian_log_density(samples, m.astype(np.float32), c.astype(np.float32))
        for w, m, c in zip(weights, means, covariances)
    ]
    return special.logsumexp(logs, axis=0).sum()


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    samples = np.asarray(samples, dtype=np.float32)
    logs = [
        np.log(w) + gaussian_log_density(samples, m.astype(np.float32), c.astype(np.float32))
        for w, m, c in zip(weights, means, covariances)
    ]
    return special.softmax(np.array(logs).T, axis=1)


# %% solution="m_step"
def m_step(samples, resp):
    samples, resp = np.float32(samples), np.float32(resp)
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    centred = samples - means[:, None]
    scatter = np.einsum("nk,kni,knj->kij", resp, centred, centred)
    return counts / len(samples), means, scatter / counts[:, None, None]
